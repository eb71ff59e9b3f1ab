import { query } from "@pylonsync/functions";

export default query({
  async handler(ctx: any, args: any) {
    return (await ctx.db.lookup("Counter", "name", args.name))?.value ?? null;
  },
});
