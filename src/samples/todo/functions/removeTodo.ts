import { mutation, v } from "@pylonsync/functions";

export default mutation({
  args: { id: v.id("Todo") },
  handler: async (ctx, { id }) => ({ removed: await ctx.db.delete("Todo", id) }),
});
