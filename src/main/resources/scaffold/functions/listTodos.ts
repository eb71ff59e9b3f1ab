import { query } from "@pylonsync/functions";

/** All todos, newest first. A query reads and never writes. */
export default query({
  args: {},
  handler: (ctx) => ctx.db.query("Todo", { $order: { createdAt: "desc" } }),
});
