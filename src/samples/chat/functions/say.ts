import { mutation, v } from "@pylonsync/functions";

/** Stores a message, and its room if this is the first one. */
export default mutation({
  args: { room: v.string(), author: v.string(), text: v.string() },
  async handler(ctx, { room, author, text }) {
    const known = await ctx.db.lookup("Room", "name", room);
    const roomId = known ? known.id : await ctx.db.insert("Room", { name: room });
    const sentAt = new Date().toISOString();
    return { id: await ctx.db.insert("Message", { roomId, author, text, sentAt }), roomId };
  },
});
