import { action } from "@pylonsync/functions";

export default action({
  handler: async (ctx, { ms }: { ms: number }) => {
    ctx.stream.write("begin");
    await Bun.sleep(ms);
    return "done";
  },
});
