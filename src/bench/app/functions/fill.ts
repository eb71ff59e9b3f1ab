import { mutation, v } from "@pylonsync/functions";

export default mutation({
  args: { count: v.int() },
  async handler(ctx, { count }) {
    const rows = Array.from({ length: count }, (_, i) => ({ title: `todo ${i}`, done: false }));
    return (await ctx.db.insertMany("Todo", rows)).length;
  },
});
