import { query } from "@pylonsync/functions";

export default query({
  args: {},
  handler: (ctx) => ctx.db.query("Item", { orgId: "scaffold", $order: { createdAt: "desc" } }),
});
