import { buildManifest, entity, field } from "@pylonsync/sdk";

const Lot = entity(
  "Lot",
  {
    title: field.string(),
    status: field.string(),
    highest: field.int(),
    winner: field.string().optional(),
    closesAt: field.datetime(),
  },
  { indexes: [{ name: "by_status", fields: ["status"], unique: false }] },
);

const Bid = entity(
  "Bid",
  {
    lotId: field.id("Lot"),
    bidder: field.string(),
    amount: field.int(),
    placedAt: field.datetime(),
  },
  {
    indexes: [{ name: "by_lot", fields: ["lotId"], unique: false }],
    relations: [{ name: "lot", target: "Lot", field: "lotId" }],
  },
);

const manifest = buildManifest({
  name: "auction",
  version: "0.1.0",
  entities: [Lot, Bid],
  routes: [],
});

console.log(JSON.stringify(manifest, null, 2));
