import { mutation, v } from "@pylonsync/functions";

/** Every kind of write at once: a new row, a changed one, a removed one, jobs, and one that leaves no trace. */
export default mutation({
  args: { fail: v.optional(v.boolean()) },
  async handler(ctx: any, args: any) {
    const first = await ctx.db.lookup("Counter", "name", "first");
    const second = await ctx.db.lookup("Counter", "name", "second");
    if (!first || !second) throw ctx.error("NOT_SEEDED", "seed first");
    await ctx.db.update("Counter", first.id, { value: 10 });
    await ctx.db.update("Counter", first.id, { value: 11 });
    await ctx.db.delete("Counter", second.id);
    const id = await ctx.db.insert("Note", { text: "new" });
    await ctx.db.update("Note", id, { stars: 5 });
    const passing = await ctx.db.insert("Note", { text: "passing" });
    await ctx.db.delete("Note", passing);
    await ctx.scheduler.runAfter(60_000, "tidy", { note: id });
    const pending = await ctx.scheduler.runAfter(60_000, "tidy", {});
    await ctx.scheduler.cancel(pending);
    if (args.fail) throw ctx.error("CHANGED_MY_MIND", "no");
    return { id, notes: (await ctx.db.list("Note")).length };
  },
});
