import { action, v } from "@pylonsync/functions";

/** Adds one todo for each line of a text that is not there yet. */
export default action({
  args: { text: v.string() },
  async handler(ctx, { text }) {
    const titles = new Set(
      text
        .split("\n")
        .map((line) => line.trim())
        .filter(Boolean),
    );

    // An action has no transaction: each op of ctx.db, and each mutation it runs, stands for itself.
    const existing = await ctx.db.list<{ title: string }>("Todo");
    const known = new Set(existing.map((todo) => todo.title));

    let added = 0;
    for (const title of titles) {
      if (!known.has(title)) {
        await ctx.runMutation("addTodo", { title });
        added++;
      }
    }
    return { added, skipped: titles.size - added };
  },
});
