import { mutation } from "@pylonsync/functions";

export default mutation({
  handler: (ctx: any, args: any) => ctx.scheduler.cancel(args.id),
});
