import { action } from "@pylonsync/functions";
import { writeSync } from "node:fs";
export default action({
  async handler(ctx: any, args: any) {
    writeSync(1, new Uint8Array([0xff, 0xfe, 0x00, 0x80, 0x0a]));
    process.stdout.write(new Uint8Array([0xc3, 0x28, 0x7b, 0x22]));
    console.dir({ type: "return" });
    console.table([{ a: 1 }]);
    return "still here";
  },
});
