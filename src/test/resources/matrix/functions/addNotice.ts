import { mutation } from "@pylonsync/functions";

/** Functions are trusted: nobody but an administrator could write a notice otherwise. */
export default mutation({
  async handler(ctx: any) {
    return ctx.db.insert("Notice", { text: `by ${ctx.auth.userId}` });
  },
});
