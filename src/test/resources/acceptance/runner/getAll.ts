import { query } from "@pylonsync/functions";

export default query({
  async handler(ctx: any, args: any) {
    return Promise.all(args.ids.map((id: string) => ctx.db.get("Note", id)));
  },
});
