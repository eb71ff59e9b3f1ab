import { mutation } from "@pylonsync/functions";

export default mutation({
  async handler(ctx: any, args: any) {
    ctx.stream.write("begin");
    await Bun.sleep(300);
    await ctx.db.insert("Note", { text: args.text });
    ctx.stream.write("end");
  },
});
