import { mutation, v } from "@pylonsync/functions";

const NAME_CHARS_MAX = 40;

function isName(name: string): boolean {
  return name.trim() !== "" && name.length <= NAME_CHARS_MAX;
}

export default mutation({
  args: {
    name: v.string(),
    price: v.optional(v.number()),
    tags: v.optional(v.array(v.object({ label: v.string(), weight: v.optional(v.number()) }))),
  },
  async handler(ctx, args: { name: string; price?: number; tags?: { label: string; weight?: number }[] }) {
    if (!ctx.auth.userId) throw ctx.error("UNAUTHENTICATED", "log in first");
    if (!ctx.auth.tenantId) throw ctx.error("NO_ACTIVE_ORG", "choose an organization");
    if (!isName(args.name)) throw ctx.error("INVALID_NAME", `a name has 1–${NAME_CHARS_MAX} letters, größer nicht`);
    const id = await ctx.db.insert("Item", {
      orgId: ctx.auth.tenantId,
      ownerId: ctx.auth.userId,
      name: args.name.trim(),
      done: false,
      price: args.price ?? null,
      qty: 0,
      note: null,
      data: JSON.stringify(args.tags ?? []),
      createdAt: new Date().toISOString(),
    });
    // Read your own write.
    return await ctx.db.get("Item", id);
  },
});
