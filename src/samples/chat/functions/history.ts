import { query, v } from "@pylonsync/functions";

/** The latest messages of a room, oldest first. */
export default query({
  args: { room: v.string(), limit: v.optional(v.int()) },
  async handler(ctx, { room, limit }) {
    const known = await ctx.db.lookup("Room", "name", room);
    if (!known) {
      return [];
    }
    const latest = await ctx.db.query("Message", {
      roomId: known.id,
      $order: { sentAt: "desc" },
      $limit: limit ?? 50,
    });
    return latest.reverse();
  },
});
