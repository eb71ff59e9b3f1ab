import { action } from "@pylonsync/functions";

/** As the official project generator writes it: an action that reads and writes, args typed by hand. */
export default action({
  async handler(ctx: any, args: { title: string }) {
    const id = await ctx.db.insert("Item", {
      orgId: "scaffold",
      name: args.title,
      done: false,
      createdAt: new Date().toISOString(),
    });
    return ctx.db.get("Item", id);
  },
});
