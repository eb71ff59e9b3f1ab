import { spawnSync } from "node:child_process";
import { writeSync } from "node:fs";
import { action } from "@pylonsync/functions";

/** Writes where console and process do not reach. */
export default action({
  async handler() {
    writeSync(1, "by number\n");
    await Bun.write(Bun.stdout, "by file\n");
    spawnSync("sh", ["-c", "echo from a child; cat"], { stdio: "inherit" });
  },
});
