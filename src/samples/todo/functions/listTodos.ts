import { query, v } from "@pylonsync/functions";

/** All todos, newest first; only the open or the done ones if asked. */
export default query({
  args: { done: v.optional(v.boolean()) },
  handler: (ctx, { done }) => {
    const filter = typeof done === "boolean" ? { done } : {};
    return ctx.db.query("Todo", { ...filter, $order: { createdAt: "desc" } });
  },
});
