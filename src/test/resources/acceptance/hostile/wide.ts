import { action } from "@pylonsync/functions";

export default action({
  timeoutMs: 50_000,
  async handler(ctx: any, args: any) {
    const all = Array.from({ length: args.count }, () => ctx.runAction("waitAction", { ms: 3_000 }));
    return (await Promise.all(all)).length;
  },
});
