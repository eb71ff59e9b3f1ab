import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    return Promise.all([ctx.runAction("multiply", {}), ctx.runAction("multiply", {})]);
  },
});
