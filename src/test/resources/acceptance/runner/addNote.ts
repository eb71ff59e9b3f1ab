import { mutation } from "@pylonsync/functions";

export default mutation({
  async handler(ctx: any, args: any) {
    return ctx.db.insert("Note", args);
  },
});
