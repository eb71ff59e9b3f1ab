import { mutation, v } from "@pylonsync/functions";

export default mutation({
  args: { title: v.string() },
  handler: (ctx, { title }) => ctx.db.insert("Todo", { title, done: false }),
});
