import { mutation, v } from "@pylonsync/functions";

export default mutation({
  args: { title: v.string(), startAt: v.optional(v.int()), runsForMs: v.optional(v.int()) },
  async handler(ctx, { title, startAt, runsForMs }) {
    const lasts = runsForMs ?? 60_000;
    const lotId = await ctx.db.insert("Lot", {
      title,
      status: "open",
      highest: startAt ?? 0,
      winner: null,
      closesAt: new Date(Date.now() + lasts).toISOString(),
    });
    // Scheduled with the commit: should this mutation fail, nothing is left to close.
    await ctx.scheduler.runAfter(lasts, "closeLot", { lotId });
    return { lotId };
  },
});
