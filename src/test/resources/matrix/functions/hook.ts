import { action } from "@pylonsync/functions";

/** Says what a webhook brought, and who. */
export default action({
  handler: async (ctx: any, args: any) => ({ raw: args.rawBody, userId: ctx.auth.userId }),
});
