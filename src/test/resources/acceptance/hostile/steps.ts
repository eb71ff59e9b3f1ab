import { mutation } from "@pylonsync/functions";
import { writeSync } from "node:fs";

export default mutation({
  async handler(ctx: any, args: any) {
    for (let n = 0; n < args.count; n++) {
      await ctx.db.insert("Note", { text: args.text, stars: n });
      if (n === 0) writeSync(2, `begun: steps in ${process.pid}\n`);
    }
    return args.count;
  },
});
