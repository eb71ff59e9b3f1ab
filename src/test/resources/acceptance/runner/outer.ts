import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    await ctx.runMutation("addNote", { text: args.text });
    try {
      await ctx.runMutation("allOrNothing", { text: args.text });
    } catch (refusal: any) {
      if (args.caught) {
        return `${refusal.code}: ${refusal.message}`;
      }
      throw refusal;
    }
  },
});
