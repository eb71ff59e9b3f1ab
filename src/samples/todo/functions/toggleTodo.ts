import { mutation, v } from "@pylonsync/functions";

export default mutation({
  args: { id: v.id("Todo") },
  async handler(ctx, { id }) {
    const todo = await ctx.db.get<{ done: boolean }>("Todo", id);
    if (!todo) {
      throw ctx.error("NOT_FOUND", "There is no such todo");
    }
    await ctx.db.update("Todo", id, { done: !todo.done });
    return { id, done: !todo.done };
  },
});
