import { query, v } from "@pylonsync/functions";

/** What became of a batch of `count`: lateness in milliseconds. */
export default query({
  args: { batch: v.string(), count: v.int() },
  async handler(ctx, { batch, count }) {
    const rows = await ctx.db.query("Effect", { batch });
    const late = rows.map((row) => (row.ran as number) - (row.due as number)).sort((a, b) => a - b);
    const distinct = new Set(rows.map((row) => row.n)).size;
    const at = (share: number) => late[Math.min(late.length - 1, Math.floor(late.length * share))];
    return {
      ran: rows.length,
      lost: count - distinct,
      double: rows.length - distinct,
      early: late.filter((millis) => millis < 0).length,
      p50: at(0.5),
      p95: at(0.95),
      max: late.at(-1),
    };
  },
});
