import { action } from "@pylonsync/functions";
import { writeSync } from "node:fs";

export default action({
  async handler(ctx: any, args: any) {
    writeSync(2, `begun: waitAction in ${process.pid}\n`);
    await Bun.sleep(args.ms);
    return "waited";
  },
});
