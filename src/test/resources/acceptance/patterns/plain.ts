/** A definition without the package. */
export default {
  type: "mutation",
  handler: async (ctx: any) => ({ id: typeof (await ctx.db.insert("Note", { text: "plain" })) }),
};
