import { mutation } from "@pylonsync/functions";

export default mutation({
  async handler(ctx: any, args: any) {
    switch (args.what) {
      case "number as id":
        return ctx.db.get("Note", 5);
      case "no id":
        return ctx.db.get("Note", undefined);
      case "null id":
        return ctx.db.get("Note", null);
      case "number looked up":
        return (await ctx.db.lookup("Note", "stars", 77))?.stars ?? null;
      case "no entity":
        return ctx.db.list(undefined);
    }
  },
});
