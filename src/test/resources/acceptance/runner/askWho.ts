import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    return ctx.runQuery("whoami", {});
  },
});
