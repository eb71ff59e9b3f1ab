/**
 * Keeps user code away from standard output, which belongs to the protocol.
 *
 * Whatever it prints becomes a line of the log. Must be raised before any user code is imported.
 */
import { format, inspect } from "node:util";
import { userFrames } from "./errors";
import type { LogLevel } from "./protocol";

export type Print = (level: LogLevel, text: string) => void;

/** Timers and counters under this many labels are kept; more are a leak, and the oldest is dropped. */
const LABELS_MAX = 256;

/** Replaces every writer to standard output, and the ways to end the process. */
export function raise(print: Print): void {
  Object.assign(console, consoleOf(print));
  process.stdout.write = writerOf(print);
  const leave = (code?: unknown): never => {
    throw new Error(`process.exit(${code ?? ""}) has no effect in a function: throw an error instead`);
  };
  Object.assign(process, { exit: leave, abort: leave });
}

function consoleOf(print: Print): Partial<Console> {
  let indent = "";
  const counts = new Map<string, number>();
  const starts = new Map<string, number>();
  const say = (level: LogLevel, text: string) =>
    print(level, indent === "" ? text : text.replace(/^/gm, indent));
  const speaker =
    (level: LogLevel) =>
    (...values: unknown[]): void =>
      say(level, textOf(values));
  const elapsed = (label: string) =>
    `${label}: ${(performance.now() - (starts.get(label) ?? NaN)).toFixed(2)} ms`;
  const open = (...values: unknown[]): void => {
    if (values.length > 0) {
      say("info", textOf(values));
    }
    indent += "  ";
  };
  return {
    log: speaker("info"),
    info: speaker("info"),
    debug: speaker("debug"),
    warn: speaker("warn"),
    error: speaker("error"),
    dirxml: speaker("info"),
    dir: (value, options) => say("info", inspect(value, { ...options, colors: false })),
    table: (rows: unknown, columns?: string[]) => say("info", tableOf(rows, columns)),
    trace: (...values: unknown[]) => say("debug", `${textOf(["Trace:", ...values])}\n${callers()}`),
    assert: (claim?: boolean, ...values: unknown[]) => {
      if (!claim) {
        say("error", textOf(["Assertion failed", ...values]));
      }
    },
    group: open,
    groupCollapsed: open,
    groupEnd: () => {
      indent = indent.slice(2);
    },
    count: (label = "default") => {
      const count = (counts.get(label) ?? 0) + 1;
      remember(counts, label, count);
      say("info", `${label}: ${count}`);
    },
    countReset: (label = "default") => void counts.delete(label),
    time: (label = "default") => remember(starts, label, performance.now()),
    timeLog: (label = "default", ...values: unknown[]) => say("info", textOf([elapsed(label), ...values])),
    timeEnd: (label = "default") => {
      say("info", elapsed(label));
      starts.delete(label);
    },
    write: (...chunks: unknown[]) => {
      say("info", chunks.map(String).join(""));
      return chunks.length;
    },
  };
}

function remember(map: Map<string, number>, label: string, value: number): void {
  if (map.size >= LABELS_MAX && !map.has(label)) {
    map.delete(map.keys().next().value as string);
  }
  map.set(label, value);
}

function textOf(values: unknown[]): string {
  return values.length === 1 && typeof values[0] === "string" ? values[0] : format(...values);
}

function tableOf(rows: unknown, columns?: string[]): string {
  if (typeof rows !== "object" || rows === null) {
    return textOf([rows]);
  }
  const options = { colors: false };
  const table = columns ? Bun.inspect.table(rows, columns, options) : Bun.inspect.table(rows, options);
  return table.trimEnd();
}

function callers(): string {
  return userFrames(new Error().stack ?? "")
    .split("\n")
    .slice(1)
    .join("\n");
}

type Write = typeof process.stdout.write;

function writerOf(print: Print): Write {
  return ((chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const text = typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
    print("info", text.replace(/\n$/, ""));
    const done = rest.findLast((argument) => typeof argument === "function");
    if (done) {
      queueMicrotask(done as () => void);
    }
    return true;
  }) as Write;
}
