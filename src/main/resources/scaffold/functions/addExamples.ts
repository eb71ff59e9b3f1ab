import { action, v } from "@pylonsync/functions";

/** Adds some todos. An action may also talk to the world; each of its writes stands for itself. */
export default action({
  args: { count: v.optional(v.int()) },
  async handler(ctx, { count }) {
    const titles = ["Read the README", "Change a function", "Look at pylon traces"];
    const wanted = titles.slice(0, count ?? titles.length);
    for (const title of wanted) {
      await ctx.db.insert("Todo", {
        title,
        done: false,
        createdAt: new Date().toISOString(),
      });
    }
    return { added: wanted.length };
  },
});
