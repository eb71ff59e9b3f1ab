/** A host to be killed: starts a runtime, calls a function that never returns, and says so. */
import { join } from "node:path";

const [directory = "", fn_name = ""] = process.argv.slice(2);
/** Longer than the test waits for anything. */
const ABANDONED_AFTER_MS = 30_000;

const main = join(import.meta.dir, "../../../main/ts/runtime/main.ts");

const runtime = Bun.spawn([process.execPath, "run", main, "functions"], {
  cwd: directory,
  stdin: "pipe",
  stdout: "pipe",
  stderr: "inherit",
});
// A test that is itself killed kills nobody: what it left would spin for ever.
setTimeout(() => {
  runtime.kill("SIGKILL");
  process.exit(1);
}, ABANDONED_AFTER_MS);
await runtime.stdout.getReader().read();
runtime.stdin.write(`${JSON.stringify({ type: "call", call_id: "c_0", fn_name, args: {}, auth: {} })}\n`);
await runtime.stdin.flush();
console.log("called");
await runtime.exited;
