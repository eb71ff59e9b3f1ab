import { query } from "@pylonsync/functions";

/** What a handler is told of its caller. */
export default query({
  handler: (ctx: any) => ({
    userId: ctx.auth.userId,
    isAdmin: ctx.auth.isAdmin,
    tenantId: ctx.auth.tenantId,
    isGuest: ctx.auth.isGuest,
    email: ctx.auth.email,
  }),
});
