import { query } from "@pylonsync/functions";
import type { Lot } from "../lot";

interface Bid {
  lotId: string;
}

/** Every lot with the number of its bids, those closing next first. */
export default query({
  args: {},
  async handler(ctx) {
    const [lots, bids] = await Promise.all([
      ctx.db.query<Lot>("Lot", { $order: { closesAt: "asc" } }),
      ctx.db.list<Bid>("Bid"),
    ]);
    return lots.map((lot) => ({ ...lot, bids: bids.filter((bid) => bid.lotId === lot.id).length }));
  },
});
