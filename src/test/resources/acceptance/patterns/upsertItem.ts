import { mutation, v } from "@pylonsync/functions";

export default mutation({
  args: { name: v.string(), qty: v.int() },
  async handler(ctx, args: { name: string; qty: number }) {
    const found = (await ctx.db.query("Item", { orgId: "shop", name: args.name })) as any[];
    if (found.length > 0) {
      const existing = found[0];
      if (existing.qty === args.qty) return existing;
      await ctx.db.update("Item", existing.id, { qty: args.qty });
      return await ctx.db.get("Item", existing.id);
    }
    const id = await ctx.db.insert("Item", { orgId: "shop", name: args.name, done: false, qty: args.qty });
    return await ctx.db.get("Item", id);
  },
});
