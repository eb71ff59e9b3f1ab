import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    await ctx.runMutation("increment", { name: args.name });
    return ctx.runQuery("counter", { name: args.name });
  },
});
