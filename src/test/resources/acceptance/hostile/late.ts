import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    setTimeout(() => {
      ctx.scheduler.cancel("job_0").catch((refusal: any) => ((globalThis as any).aborted ??= []).push(refusal.code));
    }, args.ms);
    return "returned";
  },
});
