import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RuntimeProcess, type RuntimeOptions } from "../harness/process";
import { callOf, type Frame } from "../harness/memory";

const DIRECTORY = join(import.meta.dir, "../../resources/transcripts");

const MAIN = join(import.meta.dir, "../../../main/ts/runtime/main.ts");

/** A busy machine is no failure; what hangs says where after ten seconds of its own. */
setDefaultTimeout(20_000);

const MIB = 1024 * 1024;

let runtime: RuntimeProcess | undefined;

afterEach(() => runtime?.close());

async function start(options: RuntimeOptions = {}): Promise<RuntimeProcess> {
  runtime = await RuntimeProcess.start(DIRECTORY, "functions", options);
  return runtime;
}

const call = (call_id: string, fn_name: string, args: unknown = {}): Frame => ({
  ...callOf({ call_id, fn_name, args }),
});

const letters = (frame: Frame) => {
  const value = frame["value"] as string;
  return [value.length, new Set(value).size, value[0]];
};

describe.each([
  ["pipes", {}],
  ["sockets", { sockets: true }],
])("over %s", (_, options) => {
  test("frames far larger than the pipe arrive whole, between others", async () => {
    const runtime = await start(options);
    for (const [index, letter] of [..."abcdef"].entries()) {
      runtime.send(call(`c_${letter}`, "big", { letter, count: index % 2 === 0 ? 10 * MIB : 300_000 }));
      runtime.send(call(`c_${letter}_noop`, "noop"));
    }
    const frames = await runtime.until((frames) => frames.length === 13);

    expect(frames.slice(1).map((frame) => frame["type"])).toEqual(Array(12).fill("return"));
    expect(letters(await runtime.endOf("c_a"))).toEqual([10 * MIB, 1, "a"]);
    expect(letters(await runtime.endOf("c_f"))).toEqual([300_000, 1, "f"]);
  });

  test("a frame may come in pieces, between them half a letter", async () => {
    const runtime = await start(options);
    const line = new TextEncoder().encode(
      `${JSON.stringify(call("c_1", "echo", { text: "ä😀".repeat(MIB) }))}\n`,
    );
    for (let at = 0; at < line.length; at += 99_991) {
      runtime.write(line.subarray(at, at + 99_991));
    }
    const { value } = (await runtime.endOf("c_1")) as { value: { args: { text: string } } };

    expect(value.args.text === "ä😀".repeat(MIB)).toBe(true);
  });

  test("bytes that are no text harm no other line", async () => {
    const runtime = await start(options);
    runtime.write(new Uint8Array([0xff, 0xfe, 0x0a, 0x7b, 0xc3, 0x0a]));
    runtime.send(call("c_1", "noop"));
    expect(await runtime.endOf("c_1")).toMatchObject({ value: 1 });
  });

  test("the end of its input ends it at once, whatever is running", async () => {
    const runtime = await start(options);
    runtime.send(call("c_1", "wait"));
    await runtime.until((frames) => frames.some((frame) => frame["type"] === "db"));
    expect(await runtime.close()).toEqual({ exit: 0, stderr: "" });
  });
});

test("what is written past the fence goes to the error stream, and children read nothing", async () => {
  const runtime = await start();
  runtime.send(call("c_1", "underfence"));
  runtime.send(call("c_2", "noop"));

  expect(await runtime.endOf("c_1")).toMatchObject({ type: "return" });
  expect(await runtime.endOf("c_2")).toMatchObject({ value: 1 });
  const { stderr } = await runtime.close();
  expect(stderr.split("\n").sort()).toEqual(["", "by file", "by number", "from a child"]);
});

test("a host that no longer reads ends it, though its input is still open", async () => {
  const script = '(printf "%s\\n" "$0"; sleep 20) | { "$@"; echo "exit $?" >&2; } | head -n 0';
  const frame = JSON.stringify({ type: "ping", id: 1 });
  const command = ["sh", "-c", script, frame, process.execPath, "run", MAIN, "functions"];
  const host = Bun.spawn(command, { cwd: DIRECTORY, stdout: "ignore", stderr: "pipe" });
  const said = new TextDecoder().decode((await host.stderr.getReader().read()).value);
  host.kill();

  expect(said).toContain("EPIPE");
});

test("a thousand calls at once all get their own answer", async () => {
  const runtime = await start();
  for (let index = 0; index < 1_000; index++) {
    runtime.send(call(`c_${index}`, "echo", { index }));
  }
  const frames = await runtime.until((frames) => frames.length === 1_001);
  const wrong = frames
    .slice(1)
    .filter(({ call_id, value }) => `c_${(value as { args: Frame }).args["index"]}` !== call_id);

  expect(wrong).toEqual([]);
});

test("a call that comes while another streams is answered before that ends", async () => {
  const root = mkdtempSync(join(tmpdir(), "pylon-process-"));
  mkdirSync(join(root, "functions"));
  const stream = "for (let n = 0; n < 20000; n++) await ctx.stream.write(`${n}`);";
  writeFileSync(
    join(root, "functions/flow.ts"),
    `export default { type: "action", handler: async (ctx) => { ${stream} } };`,
  );
  runtime = await RuntimeProcess.start(root);
  runtime.send({ ...call("c_1", "flow"), fn_type: "action" });
  await runtime.until((frames) => frames.some((frame) => frame["type"] === "stream"));
  runtime.send(call("c_2", "nowhere"));
  await runtime.endOf("c_2");

  expect(runtime.frames.some((frame) => frame["call_id"] === "c_1" && frame["type"] === "return")).toBe(false);
  rmSync(root, { recursive: true });
});

test("a function that replaces what is global keeps no call from its answer", async () => {
  const root = mkdtempSync(join(tmpdir(), "pylon-process-"));
  mkdirSync(join(root, "functions"));
  writeFileSync(
    join(root, "functions/spoil.ts"),
    `const broken = () => { throw new Error("spoiled"); };
    export default { type: "mutation", handler: (_, { paths }) => {
      for (const [a, b, c] of paths) {
        if (c) globalThis[a][b][c] = broken;
        else if (b) globalThis[a][b] = broken;
        else globalThis[a] = broken;
      }
    } };`,
  );
  writeFileSync(
    join(root, "functions/asks.ts"),
    `export default { type: "mutation", args: { n: { type: "array", items: { type: "number" } } },
      handler: async (ctx, { n }) => {
        const row = await ctx.db.get("Note", "1");
        await ctx.stream.write("said");
        if (n[0] === 0) throw ctx.error("NONE", "There is none");
        return { row, id: await ctx.db.insert("Note", {}) };
      } };`,
  );
  runtime = await RuntimeProcess.start(root);
  const names = [
    "JSON.parse",
    "JSON.stringify",
    "Promise.prototype.then",
    "Promise.resolve",
    "Promise",
    "Map.prototype.get",
    "Map.prototype.set",
    "Map.prototype.delete",
    "Map.prototype.values",
    "WeakMap.prototype.get",
    "Set.prototype.has",
    "Array.isArray",
    "Array.prototype.entries",
    "Array.prototype.join",
    "Array.prototype.push",
    "String.prototype.indexOf",
    "String.prototype.slice",
    "Object.entries",
    "Object.hasOwn",
    "TextDecoder.prototype.decode",
    "Uint8Array.prototype.includes",
    "queueMicrotask",
    "setImmediate",
    "setTimeout",
    "console.log",
    "process.stdout.write",
  ];
  runtime.send(call("c_spoil", "spoil", { paths: names.map((name) => name.split(".")) }));
  expect(await runtime.endOf("c_spoil")).toMatchObject({ value: null });

  for (const [id, n] of [
    ["c_1", [1]],
    ["c_2", [0]],
    ["c_3", ["a"]],
  ] as const) {
    runtime.send(call(id, "asks", { n }));
  }
  const answer = (frame: Frame, data: unknown) =>
    runtime?.send({ type: "result", call_id: frame["call_id"], op_id: frame["op_id"], data });
  for (const read of (await runtime.until((frames) => ops(frames).length === 2)).filter(isOp)) {
    answer(read, { id: "1" });
  }
  answer((await runtime.until((frames) => ops(frames).length === 3)).findLast(isOp) as Frame, { id: "2" });

  expect(await runtime.endOf("c_1")).toMatchObject({ value: { row: { id: "1" }, id: "2" } });
  expect(await runtime.endOf("c_2")).toMatchObject({ code: "NONE", message: "There is none" });
  expect(await runtime.endOf("c_3")).toMatchObject({ code: "INVALID_ARGS" });
  rmSync(root, { recursive: true });
});

const isOp = (frame: Frame) => frame["type"] === "db";

const ops = (frames: Frame[]) => frames.filter(isOp);

test("a parent that was killed takes a function that never returns with it", async () => {
  const host = Bun.spawn([process.execPath, join(import.meta.dir, "../harness/host.ts"), DIRECTORY, "spin"], {
    stdout: "pipe",
    stderr: "pipe",
  });
  await host.stdout.getReader().read();
  host.kill("SIGKILL");

  // The runtime has the error stream too: it ends when the last of the two is gone.
  const ended = await Promise.race([new Response(host.stderr).text(), Bun.sleep(10_000)]);
  expect(ended).toBe("");
});
