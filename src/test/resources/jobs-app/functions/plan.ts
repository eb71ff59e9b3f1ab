import { mutation, v } from "@pylonsync/functions";

/** Plans `count` effects, the first after `afterMs`, the others evenly over `spreadMs`. */
export default mutation({
  args: { batch: v.string(), count: v.int(), afterMs: v.int(), spreadMs: v.int() },
  async handler(ctx, { batch, count, afterMs, spreadMs }) {
    const begin = Date.now() + afterMs;
    const planned: Promise<string>[] = [];
    for (let n = 0; n < count; n++) {
      const due = begin + Math.floor((n * spreadMs) / count);
      planned.push(ctx.scheduler.runAt(due, "effect", { batch, n, due }));
    }
    return (await Promise.all(planned)).length;
  },
});
