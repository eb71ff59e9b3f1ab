/** What a thrown value tells the caller, and what it tells the developer. */
import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, sep } from "node:path";
import { slice } from "./intrinsics";
import type { ErrorDetail } from "./protocol";

/** An error whose code and message its author meant the caller to see. Nothing else is shown. */
export class FunctionError extends Error {
  override readonly name = "FunctionError";

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** How a failed call ends: two words for the caller, the rest for those who may see it. */
export interface Refusal {
  code: string;
  message: string;
  detail: ErrorDetail;
}

/** A position in user code. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

/** Errors whose code is the machine's own, not the author's: their texts hold paths and SQL. */
const SYSTEM_CODES = /^(?:ERR_|EAI_|DNS_|SQLITE_|Connection|FailedToOpen|UNABLE_TO_|CERT_)/;

/** Names of the resolver that are not among the system's errnos. */
const RESOLVER_CODES: ReadonlySet<string> = new Set(["ENOTFOUND", "ENODATA", "ESERVFAIL", "EREFUSED"]);

const ENGINE_FRAME = /^\s+at .*\((?:node|native|bun):/;

/** Longest stack and message we send: enough to understand, too little to flood. */
const TEXT_MAX_CHARS = 8 * 1024;

/** What an author says to callers is theirs to choose: only what can be no message is cut. */
const AUTHOR_TEXT_MAX_CHARS = 64 * 1024;
const CODE_MAX_CHARS = 256;

/** Larger source files are bundles, whose lines say little. */
const SOURCE_MAX_CHARS = 1024 * 1024;

/** Everything of ours lies in one directory, whatever room it is in. */
const OURS = dirname(import.meta.dir) + sep;

/** Turns what a handler threw into what its call answers. Never fails, whatever was thrown. */
export function refusalOf(thrown: unknown): Refusal {
  const detail = readableDetailOf(thrown);
  try {
    return { ...toldOf(thrown), detail };
  } catch {
    return { ...UNTOLD, detail };
  }
}

const UNTOLD = { code: "HANDLER_ERROR", message: "Internal handler error" };

/** What the author chose to tell. */
function toldOf(thrown: unknown): Omit<Refusal, "detail"> {
  const code = authorCode(thrown);
  if (code === null) {
    return UNTOLD;
  }
  const message = clip(textOf((thrown as { message?: unknown }).message), AUTHOR_TEXT_MAX_CHARS);
  return {
    code: clip(code, CODE_MAX_CHARS),
    message: message === "" ? "Handler error" : message,
  };
}

/** A stack that cannot be taken apart, say with a method somebody replaced, hides no code of the author's. */
function readableDetailOf(thrown: unknown): ErrorDetail {
  try {
    return detailOf(thrown);
  } catch {
    return { name: typeof thrown, message: "What was thrown cannot be read" };
  }
}

/** The code an author gave an error, or `null` where there is none or it is the system's. */
function authorCode(thrown: unknown): string | null {
  if (typeof thrown !== "object" || thrown === null) {
    return null;
  }
  const code = (thrown as { code?: unknown }).code;
  if (typeof code !== "string" || code === "") {
    return null;
  }
  return thrown instanceof FunctionError || !isSystem(thrown, code) ? code : null;
}

function isSystem(thrown: object, code: string): boolean {
  return (
    code in constants.errno ||
    RESOLVER_CODES.has(code) ||
    SYSTEM_CODES.test(code) ||
    "errno" in thrown ||
    "syscall" in thrown
  );
}

/** Describes a thrown value with the place in user code it came from. */
export function detailOf(thrown: unknown): ErrorDetail {
  if (!(thrown instanceof Error)) {
    return { name: typeof thrown, message: clip(describe(thrown)) };
  }
  const stack = textOf(thrown.stack);
  const place = placeIn(stack);
  return {
    name: String(thrown.name),
    message: clip(String(thrown.message)),
    stack: clip(userFrames(stack) + causeOf(thrown)),
    ...place,
    ...(place && { excerpt: excerptAt(place) }),
  };
}

/** A stack without the frames that brought us there: ours and the engine's. */
export function userFrames(stack: string): string {
  return stack
    .split("\n")
    .filter((line) => !line.includes(OURS) && !ENGINE_FRAME.test(line))
    .join("\n");
}

function causeOf({ cause }: Error): string {
  return cause instanceof Error ? `\nCaused by: ${userFrames(textOf(cause.stack))}` : "";
}

/** Finds the first frame of a stack that is user code: not ours, not a package's, not the engine's. */
export function placeIn(stack: string): Place | null {
  for (const [, file, line, column] of stack.matchAll(
    /(?:\(|at )((?:\/|[A-Za-z]:\\)[^\n()]*):(\d+):(\d+)\)?$/gm,
  )) {
    if (file && !file.startsWith(OURS) && !file.includes(`${sep}node_modules${sep}`)) {
      return { file, line: Number(line), column: Number(column) };
    }
  }
  return null;
}

/** The line of a place with its neighbours, numbered, its own marked. Empty where there is no reading it. */
export function excerptAt(place: Place): string[] {
  const lines = sourceLines(place.file);
  const last = Math.min(place.line + 1, lines.length);
  const width = String(last).length;
  const excerpt: string[] = [];
  for (let number = Math.max(1, place.line - 1); number <= last; number++) {
    const mark = number === place.line ? ">" : " ";
    excerpt.push(`${mark} ${String(number).padStart(width)} | ${clip(lines[number - 1] ?? "", 200)}`);
  }
  return excerpt;
}

/** Lines of recently read sources: a refusal a million callers get shall not read a file each time. */
const sources = new Map<string, string[]>();

const SOURCES_MAX = 64;

function sourceLines(file: string): string[] {
  const known = sources.get(file);
  if (known) {
    return known;
  }
  let lines: string[] = [];
  try {
    const text = readFileSync(file, "utf8");
    lines = text.length > SOURCE_MAX_CHARS ? [] : text.split(/\r?\n/);
  } catch {
    // Deleted or generated: the place alone has to do.
  }
  if (sources.size >= SOURCES_MAX) {
    sources.clear();
  }
  sources.set(file, lines);
  return lines;
}

function describe(thrown: unknown): string {
  try {
    return (typeof thrown === "object" && JSON.stringify(thrown)) || String(thrown);
  } catch {
    return "a value without a text";
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function clip(text: string, max = TEXT_MAX_CHARS): string {
  return text.length <= max ? text : `${slice.call(text, 0, max - 1)}…`;
}
