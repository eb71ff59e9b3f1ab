import { mutation, v } from "@pylonsync/functions";

export default mutation({
  args: { itemId: v.id("Item"), name: v.string() },
  async handler(ctx, args: { itemId: string; name: string }) {
    if (!ctx.auth.userId) throw ctx.error("UNAUTHENTICATED", "log in first");
    const item = (await ctx.db.get("Item", args.itemId)) as { ownerId: string } | null;
    if (!item) throw ctx.error("ITEM_NOT_FOUND", "");
    if (item.ownerId !== ctx.auth.userId) throw ctx.error("FORBIDDEN", "not yours");
    return { renamed: await ctx.db.update("Item", args.itemId, { name: args.name }) };
  },
});
