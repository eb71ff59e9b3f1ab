import { mutation, v } from "@pylonsync/functions";
import type { Lot } from "../lot";

export default mutation({
  // Not reachable over HTTP: only the scheduler closes lots.
  internal: true,
  args: { lotId: v.id("Lot") },
  async handler(ctx, { lotId }) {
    const lot = await ctx.db.get<Lot>("Lot", lotId);
    if (!lot || lot.status === "closed") {
      return null;
    }
    await ctx.db.update("Lot", lotId, { status: "closed" });
    return { winner: lot.winner, price: lot.highest };
  },
});
