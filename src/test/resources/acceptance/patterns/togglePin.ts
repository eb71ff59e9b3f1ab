import { mutation, v } from "@pylonsync/functions";

/** A second wish of the same kind takes the first one back; then there is nothing to return. */
export default mutation({
  args: { name: v.string(), pinned: v.boolean(), forUser: v.optional(v.id("User")) },
  async handler(ctx, args: { name: string; pinned: boolean; forUser?: string }) {
    if (!ctx.auth.userId) throw ctx.error("UNAUTHENTICATED", "log in first");
    const wanted = { name: args.name, done: args.pinned, ownerId: args.forUser ?? null };
    const same = (await ctx.db.query("Item", wanted)) as { id: string }[];
    if (same.length > 0) {
      for (const pin of same) await ctx.db.delete("Item", pin.id);
      return null;
    }
    await ctx.db.insert("Item", { orgId: "pins", ...wanted });
    return { pins: ((await ctx.db.query("Item", wanted)) as unknown[]).length };
  },
});
