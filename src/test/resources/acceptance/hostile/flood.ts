import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any) {
    for (;;) {
      await ctx.stream.write("x".repeat(64 * 1024));
      await Bun.sleep(0);
    }
  },
});
