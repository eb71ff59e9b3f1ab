import { mutation } from "@pylonsync/functions";

export default mutation({
  async handler(ctx: any) {
    await ctx.db.insert("Counter", { name: "first", value: 1 });
    await ctx.db.insert("Counter", { name: "second", value: 2 });
  },
});
