import { mutation } from "@pylonsync/functions";

export default mutation({
  async handler(ctx: any, args: any) {
    return ctx.scheduler.runAfter(args.ms, "addNote", { text: args.text });
  },
});
