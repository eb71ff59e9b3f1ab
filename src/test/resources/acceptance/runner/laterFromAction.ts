import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    const asked = Date.now();
    const id = await ctx.scheduler.runAfter(args.ms, "stamp", { name: args.text });
    if (args.cancel) {
      await ctx.scheduler.cancel(id);
    }
    return asked;
  },
});
