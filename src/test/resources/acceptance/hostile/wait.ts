import { query } from "@pylonsync/functions";
import { writeSync } from "node:fs";

export default query({
  async handler(ctx: any, args: any) {
    writeSync(2, `begun: wait in ${process.pid}\n`);
    await Bun.sleep(args.ms);
    return "waited";
  },
});
