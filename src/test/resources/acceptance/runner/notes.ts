import { query } from "@pylonsync/functions";

export default query({
  async handler(ctx: any, args: any) {
    return (await ctx.db.list("Note")).map((note: any) => note.text);
  },
});
