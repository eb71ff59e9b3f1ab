import { mutation } from "@pylonsync/functions";

export default mutation({
  async handler(ctx: any) {
    await ctx.db.insertMany("Note", Array.from({ length: 1_200 }, (_, i) => ({ text: `n${i}` })));
    return "done";
  },
});
