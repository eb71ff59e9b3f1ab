import { mutation, v } from "@pylonsync/functions";

const TITLE_MAX = 200;

export default mutation({
  args: {
    title: v.string(),
    notes: v.optional(v.richtext()),
    due: v.optional(v.datetime()),
  },
  async handler(ctx, args) {
    const title = args.title.trim();
    if (title === "" || title.length > TITLE_MAX) {
      throw ctx.error("INVALID_TITLE", `A title has 1 to ${TITLE_MAX} characters`);
    }
    const id = await ctx.db.insert("Todo", {
      title,
      done: false,
      notes: args.notes ?? null,
      due: args.due ?? null,
      createdAt: new Date().toISOString(),
    });
    // Reads in a mutation see what it has written.
    return ctx.db.get("Todo", id);
  },
});
