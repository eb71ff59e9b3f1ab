import { mutation } from "@pylonsync/functions";

export default mutation({
  async handler(ctx: any, args: any) {
    for (let n = 0; n < args.count; n++) {
      await ctx.db.insert("Note", { text: args.text, stars: n });
    }
    return args.count;
  },
});
