import { mutation, v } from "@pylonsync/functions";

export default mutation({
  args: { count: v.int() },
  async handler(ctx, args: { count: number }) {
    for (let n = 0; n < args.count; n++) {
      await ctx.db.insert("Item", { orgId: "seed", name: `Item ${n}`, done: n % 2 === 0, qty: n, price: n / 4 });
    }
    return { inserted: args.count };
  },
});
