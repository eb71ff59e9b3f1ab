import { query } from "@pylonsync/functions";

export default query({
  async handler(ctx: any, args: any) {
    await Bun.sleep(args.ms);
    return "waited";
  },
});
