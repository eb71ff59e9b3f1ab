import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    ctx.stream.write("first\nsecond");
    ctx.stream.write("third");
    return { done: true };
  },
});
