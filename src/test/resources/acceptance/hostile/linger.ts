import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    ctx.signal.addEventListener("abort", () => ((globalThis as any).aborted ??= []).push(args.text));
    ctx.stream.write("begin");
    await new Promise(() => {});
  },
});
