import { mutation } from "@pylonsync/functions";

export default mutation({
  args: {},
  async handler(ctx) {
    await ctx.db.insert("Note", { text: `ran as ${ctx.auth.userId} ${ctx.auth.isAdmin}` });
  },
});
