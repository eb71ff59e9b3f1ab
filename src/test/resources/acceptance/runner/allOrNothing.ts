import { mutation } from "@pylonsync/functions";

export default mutation({
  async handler(ctx: any, args: any) {
    await ctx.db.insert("Note", { text: args.text });
    await ctx.scheduler.runAfter(0, "addNote", { text: args.text });
    ctx.stream.write("before the end");
    throw ctx.error("CHANGED_MY_MIND", "no");
  },
});
