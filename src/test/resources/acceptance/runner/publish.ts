import { mutation } from "@pylonsync/functions";

export default mutation({
  async handler(ctx: any, args: any) {
    for (const page of args.pages) {
      await ctx.db.insert("Page", page);
    }
    const found = await ctx.db.search("Page", { query: args.find });
    if (args.regret) {
      throw new Error("not like this");
    }
    return found.total;
  },
});
