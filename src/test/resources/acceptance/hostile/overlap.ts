import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    ctx.stream.write("x".repeat(args.chars));
    ctx.stream.write("y".repeat(args.chars));
    ctx.stream.write("small");
    return "z".repeat(args.chars);
  },
});
