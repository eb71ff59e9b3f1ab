import { action } from "@pylonsync/functions";

/** Runs others: one, or several at once; catches what fails if told to. */
export default action({
  async handler(ctx, { how }: { how: string }) {
    switch (how) {
      case "query":
        return ctx.runQuery("noop");
      case "all":
        return Promise.all([
          ctx.runQuery("a"),
          ctx.runMutation("b", { x: 1 }),
          ctx.runAction("c"),
          ctx.db.get("Lot", "l"),
        ]);
      case "catch":
        return ctx.runMutation("b").catch(({ code, message }) => ({ code, message }));
      default:
        return ctx.runMutation("b");
    }
  },
});
