import { mutation } from "@pylonsync/functions";

export default mutation({
  async handler(ctx: any, args: any) {
    await ctx.db.insert("Note", { text: "hop", stars: args.left });
    if (args.left > 0) {
      await ctx.scheduler.runAfter(0, "hop", { left: args.left - 1 });
    }
  },
});
