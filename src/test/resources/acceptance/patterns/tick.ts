import { mutation, v } from "@pylonsync/functions";

export default mutation({
  args: { room: v.string(), left: v.number() },
  async handler(ctx, args: { room: string; left: number }) {
    const counter = (await ctx.db.lookup("Counter", "name", args.room)) as { id: string; value: number } | null;
    if (counter) {
      await ctx.db.update("Counter", counter.id, { value: counter.value + 1 });
    } else {
      await ctx.db.insert("Counter", { name: args.room, value: 1 });
    }
    // Several schedules in one mutation, one of them in the past.
    if (args.left > 0) {
      const startsAt = Date.now() - 50;
      await ctx.scheduler.runAfter(Math.max(1, startsAt - Date.now() + 60), "tick", { ...args, left: args.left - 1 });
      await ctx.scheduler.runAfter(0, "whoRan", {});
    }
    return counter ? counter.value + 1 : 1;
  },
});
