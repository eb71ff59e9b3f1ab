import { query } from "@pylonsync/functions";

export default query({
  async handler(ctx: any, args: any) {
    const { page, nextCursor, isDone } = await ctx.db.paginate("Note", {
      cursor: args.cursor ?? null,
      numItems: args.numItems,
    });
    return { rows: page.length, cursor: nextCursor, isDone };
  },
});
