import { query, v } from "@pylonsync/functions";

export default query({ args: { id: v.id("Todo") }, handler: (ctx, { id }) => ctx.db.get("Todo", id) });
