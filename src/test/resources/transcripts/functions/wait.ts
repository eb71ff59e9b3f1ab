import { action } from "@pylonsync/functions";

/** Waits for a row for as long as it takes, and says what became of that. */
export default action({
  async handler(ctx) {
    ctx.signal.addEventListener("abort", () => console.log("aborted"));
    await ctx.db.get("Lot", "l").catch((error: { code: string }) => console.log(error.code));
    await ctx.db.get("Lot", "l").catch((error: { code: string }) => console.log(error.code));
    return "nobody hears this";
  },
});
