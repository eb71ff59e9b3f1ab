import { action, v } from "@pylonsync/functions";

export default action({
  args: { title: v.string() },
  handler: async (ctx, { title }) => {
    const id = await ctx.runMutation("add", { title });
    return ctx.runQuery("one", { id });
  },
});
