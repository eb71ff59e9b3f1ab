import { query } from "@pylonsync/functions";

export default query({
  args: {},
  handler: ({ db }) => Promise.all(["a", "b", "c"].map((id) => db.get("Lot", id))),
});
