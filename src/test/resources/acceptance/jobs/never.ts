import { mutation } from "@pylonsync/functions";

export default mutation({
  timeoutMs: 100,
  async handler(ctx: any) {
    await ctx.db.insert("Note", { text: "never" });
    await new Promise(() => {});
  },
});
