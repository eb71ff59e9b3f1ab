import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    for (let n = 0; n < args.count; n++) {
      await ctx.stream.write(`chunk ${n}`);
    }
    return args.count;
  },
});
