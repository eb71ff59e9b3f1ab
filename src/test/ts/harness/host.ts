/** A host to be killed: starts a runtime, calls a function that never returns, and says so. */
import { join } from "node:path";

const [directory = "", fn_name = ""] = process.argv.slice(2);
const main = join(import.meta.dir, "../../../main/ts/runtime/main.ts");

const runtime = Bun.spawn([process.execPath, "run", main, "functions"], {
  cwd: directory,
  stdin: "pipe",
  stdout: "pipe",
  stderr: "inherit",
});
await runtime.stdout.getReader().read();
runtime.stdin.write(`${JSON.stringify({ type: "call", call_id: "c_0", fn_name, args: {}, auth: {} })}\n`);
await runtime.stdin.flush();
console.log("called");
await runtime.exited;
