import { query } from "@pylonsync/functions";

export default query({
  async handler(ctx: any, args: any) {
    return (await ctx.db.query("Note", { text: args.text })).length;
  },
});
