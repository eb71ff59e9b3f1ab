import { mutation, v } from "@pylonsync/functions";

/** Adds a todo. A mutation is one transaction: if it throws, nothing was written. */
export default mutation({
  args: { title: v.string() },
  async handler(ctx, { title }) {
    if (title.trim() === "") {
      throw ctx.error("TITLE_EMPTY", "A todo needs a title");
    }
    const id = await ctx.db.insert("Todo", {
      title: title.trim(),
      done: false,
      createdAt: new Date().toISOString(),
    });
    return { id };
  },
});
