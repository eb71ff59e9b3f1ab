import { mutation, v } from "@pylonsync/functions";
import { STEP, type Lot } from "../lot";

export default mutation({
  args: { lotId: v.id("Lot"), bidder: v.string(), amount: v.int() },
  async handler(ctx, { lotId, bidder, amount }) {
    const bidId = await ctx.db.insert("Bid", { lotId, bidder, amount, placedAt: new Date().toISOString() });

    // Throwing after the insert is fine: the whole mutation is one transaction, and the bid goes with it.
    const lot = await ctx.db.get<Lot>("Lot", lotId);
    if (!lot) {
      throw ctx.error("NOT_FOUND", "There is no such lot");
    }
    if (lot.status !== "open") {
      throw ctx.error("LOT_CLOSED", `${lot.title} is closed`);
    }
    if (amount < lot.highest + STEP) {
      throw ctx.error("BID_TOO_LOW", `Bid at least ${lot.highest + STEP}`);
    }
    await ctx.db.update("Lot", lotId, { highest: amount, winner: bidder });
    return { bidId, highest: amount };
  },
});
