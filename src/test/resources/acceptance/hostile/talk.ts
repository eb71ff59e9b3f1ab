import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    for (const chunk of args.chunks) {
      ctx.stream.write(chunk);
      await Bun.sleep(1);
    }
    if (args.event) {
      ctx.stream.writeEvent(args.event, "named");
    }
    if (args.code) {
      throw ctx.error(args.code, "as asked");
    }
    return args.chunks.length;
  },
});
