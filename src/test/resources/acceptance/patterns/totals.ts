import { mutation } from "@pylonsync/functions";

type Item = { name: string; orgId: string; qty: number; price: number | null; data: string | null; createdAt: string | null };

export default mutation({
  args: {},
  async handler(ctx) {
    const items = ((await ctx.db.query("Item", {})) as Item[]).filter((item) => item.orgId === "org_1");
    items.sort((a, b) => new Date(b.createdAt ?? 0).getTime() - new Date(a.createdAt ?? 0).getTime());
    return {
      names: items.map((item) => item.name).toSorted(),
      price: items.reduce((sum, item) => sum + (item.price ?? 0), 0),
      labels: items.flatMap((item) => JSON.parse(item.data ?? "[]").map((tag: { label: string }) => tag.label)),
      newest: items[0] ? new Date(items[0].createdAt!).getFullYear() > 2000 : null,
    };
  },
});
