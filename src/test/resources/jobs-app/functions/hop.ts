import { mutation, v } from "@pylonsync/functions";

/** Leaves a row and schedules itself until `n` is 0. */
export default mutation({
  args: { batch: v.string(), n: v.int() },
  async handler(ctx, { batch, n }) {
    await ctx.db.insert("Effect", { batch, n, due: 0, ran: Date.now() });
    if (n > 0) {
      await ctx.scheduler.runAfter(0, "hop", { batch, n: n - 1 });
    }
  },
});
