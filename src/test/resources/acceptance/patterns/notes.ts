import { query } from "@pylonsync/functions";

export default query({ handler: async (ctx) => ((await ctx.db.list("Note")) as { text: string }[]).map((n) => n.text) });
