import { query } from "@pylonsync/functions";

export default query({
  async handler(ctx: any) {
    return (await ctx.db.list("Note")).length;
  },
});
