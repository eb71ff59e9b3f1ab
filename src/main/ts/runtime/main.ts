/**
 * The function runtime: a child process that answers the calls of one host over its two pipes.
 *
 * Started as `main.ts <functions directory> [--standby]`. A standby has booted but imports nothing until
 * it is told to, which is what makes a reload quick. The end of standard input ends the process.
 */
import "./resolve";
import { currentCall } from "./call";
import { Calls } from "./calls";
import { Channel } from "./channel";
import { refusalOf } from "./engine";
import { raise } from "./fence";
import { slice, stringify } from "./intrinsics";
import { load } from "./loader";
import type { HostFrame, LoadFrame, LogLevel, RuntimeFrame } from "./protocol";
import { CAPABILITIES, parse } from "./protocol";
import { catchStrays } from "./strays";

const LOG_TEXT_MAX_CHARS = 8 * 1024;

const exit = process.exit.bind(process);
const refusal = refusalOf(Bun.version);
if (refusal !== null) {
  // Before anything is opened: what such an engine makes of our pipes is not known.
  process.stderr.write(`${refusal}\n`);
  exit(1);
}
const [directory = "functions", ...flags] = process.argv.slice(2);
const channel = Channel.open();
const calls = new Calls(channel);

function send(frame: RuntimeFrame): void {
  channel.write(stringify(frame));
}

/** Prints a line of the log. One the host has no time for is dropped: it is a log. */
function print(level: LogLevel, text: string, callId = currentCall.getStore()?.id): void {
  if (!channel.isFull()) {
    const clipped = text.length > LOG_TEXT_MAX_CHARS ? `${slice.call(text, 0, LOG_TEXT_MAX_CHARS - 1)}…` : text;
    send({ type: "log", ...(callId !== undefined && { call_id: callId }), level, text: clipped });
  }
}

async function loadFunctions(env: LoadFrame["env"] = {}): Promise<void> {
  for (const [name, value] of Object.entries(env)) {
    if (value === null) {
      delete process.env[name];
    } else {
      process.env[name] = value;
    }
  }
  const { functions, entries, failed, files, error } = await load(directory, print);
  calls.register(functions);
  send({
    type: "ready",
    functions: entries,
    failed,
    capabilities: CAPABILITIES,
    runtime: "pylon/1",
    bun: Bun.version,
    files,
    ...(error !== undefined && { error }),
  });
}

function take(line: string): void {
  const frame = parse(line);
  if (frame) {
    dispatch(frame);
  }
}

function dispatch(frame: HostFrame): void {
  switch (frame.type) {
    case "call":
      return calls.start(frame);
    case "result":
      return calls.settle(frame);
    case "cancel":
      return calls.cancel(frame);
    case "ping":
      return send({ type: "pong", id: frame.id });
    case "load":
      return void loadFunctions(frame.env);
    default:
      frame satisfies never;
  }
}

new Worker(new URL("./orphan.ts", import.meta.url), { smol: true, ref: false });
// Ctrl-C and a closed terminal reach the whole foreground group, a stopped service its whole control group.
// The host decides when we end, by closing our input: calls in flight may still finish.
for (const signal of ["SIGINT", "SIGHUP", "SIGTERM"] as const) {
  process.on(signal, () => {});
}
raise(print);
catchStrays({
  ownerOf: (thrown) => calls.ownerOf(thrown),
  report: (owner, text) => print("error", text, owner?.id),
});
if (flags.includes("--standby")) {
  send({ type: "standby", bun: Bun.version, pid: process.pid });
} else {
  void loadFunctions();
}
try {
  await channel.read(take);
  exit(0);
} catch (lost) {
  process.stderr.write(`pylon runtime: ${String(lost)}\n`);
  exit(1);
}
