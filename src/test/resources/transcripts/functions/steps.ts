import { mutation, v } from "@pylonsync/functions";

/** One op after the other. */
export default mutation({
  args: { name: v.string() },
  async handler({ db }, { name }) {
    const id = await db.insert("Lot", { name });
    return { row: await db.get("Lot", id) };
  },
});
