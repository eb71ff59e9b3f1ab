import { mutation } from "@pylonsync/functions";

export default mutation({
  handler: (ctx: any, args: any) => ctx.db.insert("Note", { text: args.text }),
});
