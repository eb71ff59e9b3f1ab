import { mutation, v } from "@pylonsync/functions";

export default mutation({
  args: { itemId: v.id("Item") },
  async handler(ctx, args: { itemId: string }) {
    const item = (await ctx.db.get("Item", args.itemId)) as { done: boolean } | null;
    if (!item) throw ctx.error("NOT_FOUND", "no such item");
    await ctx.db.update("Item", args.itemId, { done: !item.done });
    const open = (await ctx.db.query("Item", { orgId: "org_1", done: false })) as unknown[];
    return { done: !item.done, open: open.length };
  },
});
