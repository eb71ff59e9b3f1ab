import { action, v } from "@pylonsync/functions";

export default action({
  args: { chunks: v.int(), pauseMs: v.int() },
  handler: async (ctx, { chunks, pauseMs }) => {
    for (let n = 0; n < chunks; n++) {
      await ctx.stream.write(`token ${n}\n`);
      if (pauseMs > 0) {
        await Bun.sleep(pauseMs);
      }
    }
    return chunks;
  },
});
