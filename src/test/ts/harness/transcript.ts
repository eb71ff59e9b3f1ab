/** Transcripts: what host and runtime said to each other, and whether a runtime still says its half. */
import { readFileSync } from "node:fs";
import type { Frame } from "./memory";
import type { RuntimeProcess } from "./process";

export interface Transcript {
  directory: string;
  flags: string[];
  lines: { number: number; from: "host" | "runtime"; text: string }[];
}

/** Reads a transcript; the README beside the files says what it may hold. */
export function readTranscript(file: string): Transcript {
  const transcript: Transcript = { directory: "functions", flags: [], lines: [] };
  for (const [index, line] of readFileSync(file, "utf8").split("\n").entries()) {
    const [, mark, text = ""] = /^([<>@])\s?(.*)$/.exec(line) ?? [];
    if (mark === "@") {
      const [name, ...values] = text.split(" ");
      if (name === "functions") {
        transcript.directory = values.join(" ");
      } else {
        transcript.flags = values;
      }
    } else if (mark) {
      transcript.lines.push({ number: index + 1, from: mark === ">" ? "host" : "runtime", text });
    } else if (line !== "" && !line.startsWith("#")) {
      throw new Error(`${file}:${index + 1} is neither a line of a transcript nor a comment`);
    }
  }
  return transcript;
}

/** Plays the host's half and holds the runtime to its own. */
export async function replay(transcript: Transcript, runtime: RuntimeProcess): Promise<void> {
  const seen = new Set<Frame>();
  for (const { number, from, text } of transcript.lines) {
    if (from === "host") {
      runtime.send(text);
      continue;
    }
    const expected = JSON.parse(text) as Frame;
    const frames = await runtime.until((frames) =>
      frames.some((frame) => !seen.has(frame) && concerns(expected, frame)),
    );
    const actual = frames.find((frame) => !seen.has(frame) && concerns(expected, frame)) as Frame;
    seen.add(actual);
    if (!matchesMembers(expected, actual)) {
      throw new Error(`line ${number}\nexpected ${text}\nbut was  ${JSON.stringify(actual)}`);
    }
  }
  runtime.send({ type: "ping", id: -1 });
  await runtime.until((frames) => frames.some((frame) => frame["type"] === "pong" && frame["id"] === -1));
  const unexpected = runtime.frames.filter(
    (frame) => !seen.has(frame) && frame["type"] !== "log" && frame["id"] !== -1,
  );
  if (unexpected.length > 0) {
    throw new Error(`not in the transcript: ${unexpected.map((frame) => JSON.stringify(frame)).join("\n")}`);
  }
}

/** A line waits for the next frame of its call. Log lines go their own way. */
function concerns(expected: Frame, actual: Frame): boolean {
  const isLog = (frame: Frame) => frame["type"] === "log";
  return expected["call_id"] === actual["call_id"] && isLog(expected) === isLog(actual);
}

function matchesMembers(expected: Frame, actual: Frame): boolean {
  return Object.entries(expected).every(([name, value]) => {
    if (name === "detail") {
      return matchesMembers(value as Frame, (actual[name] ?? {}) as Frame);
    }
    return name in actual && matches(value, actual[name]);
  });
}

/** Equal, but a text that ends in `…` stands for every text that begins like it, and `…` for anything. */
function matches(expected: unknown, actual: unknown): boolean {
  if (typeof expected === "string" && expected.endsWith("…")) {
    const start = expected.slice(0, -1);
    return start === "" || (typeof actual === "string" && actual.startsWith(start));
  }
  if (typeof expected !== "object" || expected === null) {
    return Object.is(expected, actual);
  }
  if (typeof actual !== "object" || actual === null || Array.isArray(expected) !== Array.isArray(actual)) {
    return false;
  }
  const keys = Object.keys(expected);
  return (
    keys.length === Object.keys(actual).length &&
    keys.every((key) => key in actual && matches((expected as Frame)[key], (actual as Frame)[key]))
  );
}
