import { mutation, v } from "@pylonsync/functions";

/** Leaves one row each time it runs: nothing but the queue keeps it from running twice. */
export default mutation({
  args: { batch: v.string(), n: v.int(), due: v.number() },
  handler: (ctx, { batch, n, due }) => ctx.db.insert("Effect", { batch, n, due, ran: Date.now() }),
});
