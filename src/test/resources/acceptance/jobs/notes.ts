import { query } from "@pylonsync/functions";

export default query({
  handler: async (ctx: any, args: any) =>
    (await ctx.db.query("Note", { text: args.text })).map((note: any) => note.stars),
});
