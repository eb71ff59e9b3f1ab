import { action } from "@pylonsync/functions";

export default action({
  timeoutMs: 3_000,
  async handler(ctx: any, args: any) {
    const late = Array.from({ length: args.count }, () => ctx.runAction("waitAction", { ms: 60_000 }));
    late.forEach((call) => call.catch(() => {}));
    await Bun.sleep(1_000);
    for (;;);
  },
});
