import { mutation } from "@pylonsync/functions";

export default mutation({
  args: {},
  async handler(ctx) {
    // Without a filter, as projects write it.
    const all = (await (ctx.db as any).query("Item")) as { id: string; orgId: string }[];
    let deleted = 0;
    for (const item of all.filter((row) => row.orgId === "seed")) {
      if (await ctx.db.delete("Item", item.id)) deleted++;
    }
    return { deleted, missing: await ctx.db.delete("Item", "nowhere") };
  },
});
