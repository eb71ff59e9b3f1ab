import { mutation, type MutationCtx } from "@pylonsync/functions";

let leaked: MutationCtx | undefined;

/** Keeps its context; the second call uses the first one's. */
export default mutation({
  async handler(ctx) {
    if (!leaked) {
      leaked = ctx;
      return "leaked";
    }
    return leaked.db.get("Lot", "l");
  },
});
