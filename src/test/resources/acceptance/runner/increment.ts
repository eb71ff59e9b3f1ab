import { mutation } from "@pylonsync/functions";

export default mutation({
  async handler(ctx: any, args: any) {
    const row = await ctx.db.lookup("Counter", "name", args.name);
    if (row) {
      await ctx.db.update("Counter", row.id, { value: row.value + 1 });
    } else {
      await ctx.db.insert("Counter", { name: args.name, value: 1 });
    }
  },
});
