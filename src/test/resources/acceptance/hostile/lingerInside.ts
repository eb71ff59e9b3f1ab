import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    ctx.stream.write("begin");
    return Promise.all([ctx.runQuery("wait", { ms: 20_000 }), ctx.runAction("waitAction", { ms: 20_000 })]);
  },
});
