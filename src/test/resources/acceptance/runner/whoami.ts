import { query } from "@pylonsync/functions";

export default query({
  async handler(ctx: any, args: any) {
    return ctx.auth;
  },
});
