import { mutation } from "@pylonsync/functions";

export default mutation({
  async handler(ctx: any, args: any) {
    await ctx.db.insert("Counter", { name: args.name, value: Date.now() });
    await ctx.db.insert("Note", { text: `${args.name} by ${ctx.auth.userId} ${ctx.auth.isAdmin}` });
  },
});
