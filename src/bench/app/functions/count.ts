import { query } from "@pylonsync/functions";

export default query({
  handler: async (ctx) => (await ctx.db.lookup("Todo", "done", true))?.title ?? "0",
});
