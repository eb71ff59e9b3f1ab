import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    await Bun.sleep(args.ms);
    return "waited";
  },
});
