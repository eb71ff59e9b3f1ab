import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    return "é".repeat(args.chars);
  },
});
