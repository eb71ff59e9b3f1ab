import { mutation } from "@pylonsync/functions";

/** Schedules `fn` after `delay`, at `at`, or at once; answers the id. */
export default mutation({
  async handler(ctx: any, args: any) {
    return args.at === undefined
      ? ctx.scheduler.runAfter(args.delay, args.fn, args.with ?? {})
      : ctx.scheduler.runAt(args.at, args.fn, args.with ?? {});
  },
});
