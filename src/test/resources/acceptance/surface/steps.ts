import { mutation } from "@pylonsync/functions";

export default mutation({
  handler: async (ctx) => {
    const id = await ctx.db.insert("Note", { text: "traced", stars: 1 });
    await ctx.db.get("Note", id);
    await ctx.db.query("Note", { text: "traced" });
    ctx.stream.write("é");
    await ctx.scheduler.runAfter(3_600_000, "echo", {});
    return { id };
  },
});
