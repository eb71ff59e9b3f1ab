import { mutation, v } from "@pylonsync/functions";

/** Writes first and asks afterwards: the index decides, not a query before it. */
export default mutation({
  args: { name: v.string() },
  async handler(ctx, args: { name: string }) {
    try {
      await ctx.db.insert("Counter", { name: args.name, value: 1 });
    } catch (failure) {
      const text = failure instanceof Error ? failure.message : String(failure);
      if (/UNIQUE constraint/i.test(text)) throw ctx.error("NAME_TAKEN", `"${args.name}" belongs to somebody else`);
      throw failure;
    }
    return { claims: ((await ctx.db.query("Counter")) as unknown[]).length };
  },
});
