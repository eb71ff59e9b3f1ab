import { query } from "@pylonsync/functions";

export default query({
  async handler(ctx: any, args: any) {
    const { hits, facetCounts, total } = await ctx.db.search("Page", args);
    return { titles: hits.map((page: any) => page.title), facetCounts, total };
  },
});
