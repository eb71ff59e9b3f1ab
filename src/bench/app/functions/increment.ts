import { mutation } from "@pylonsync/functions";

/** One row whose title is a number: read, then written, so that a lost update shows. */
export default mutation({
  handler: async (ctx) => {
    const row = await ctx.db.lookup("Todo", "done", true);
    if (row) {
      await ctx.db.update("Todo", row.id, { title: String(Number(row.title) + 1) });
    } else {
      await ctx.db.insert("Todo", { title: "1", done: true });
    }
  },
});
