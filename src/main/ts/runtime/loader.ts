/** Finds and imports the functions of a project. What cannot be loaded is named; the rest works. */
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { FnDefinition } from "../functions/define";
import type { ArgsSpec } from "../functions/validators";
import { closureOf, failureOf } from "./sources";
import type { FailedEntry, FnEntry, FnType, LogLevel } from "./protocol";

/** A function that can be called. */
export interface Fn {
  readonly name: string;
  readonly type: FnType;
  readonly file: string;
  readonly args: ArgsSpec | null;
  readonly definition: FnDefinition;
}

/** What a functions directory holds. */
export interface Loaded {
  functions: Map<string, Fn>;
  entries: FnEntry[];
  failed: FailedEntry[];
  files: string[];
  error?: string;
}

/** A file may take this long to import; the host gives the whole directory ten seconds. */
const IMPORT_TIMEOUT_MS = 8_000;

const FN_TYPES: ReadonlySet<unknown> = new Set<FnType>(["query", "mutation", "action"]);

const FUNCTION_FILE = /^(?!_)(.+)\.(?:ts|js)$/;

const NOT_FUNCTIONS = /\.(?:test|spec|d)\.(?:ts|js)$/;

export type Note = (level: LogLevel, text: string) => void;

/** Imports every function of a directory, whose path may be relative to the working directory. */
export async function load(directory: string, note: Note): Promise<Loaded> {
  const loaded: Loaded = { functions: new Map(), entries: [], failed: [], files: [] };
  const root = resolve(directory);
  let names: string[];
  try {
    names = readdirSync(root)
      .filter((name) => isFunctionFile(name, note))
      .sort();
  } catch {
    return { ...loaded, error: `Cannot read functions directory: ${directory}` };
  }
  const files = names.map((name) => join(root, name));
  const imports = await Promise.allSettled(files.map(importFile));
  for (const [index, outcome] of imports.entries()) {
    const file = files[index] as string;
    const name = (names[index] as string).slice(0, -3);
    if (outcome.status === "rejected") {
      loaded.failed.push({ name, ...failureOf(outcome.reason, file) });
    } else {
      admit(loaded, name, file, outcome.value, note);
    }
  }
  loaded.entries = [...loaded.functions.values()].map(entryOf);
  loaded.files = closureOf(files);
  return loaded;
}

function isFunctionFile(name: string, note: Note): boolean {
  if (!/\.[tj]s$/.test(name)) {
    return false;
  }
  const wanted = FUNCTION_FILE.test(name) && !NOT_FUNCTIONS.test(name);
  if (!wanted) {
    note("debug", `[functions] ${name} is not a function file`);
  }
  return wanted;
}

async function importFile(file: string): Promise<unknown> {
  let timer: Timer | undefined;
  const late = new Promise<never>((_, reject) => {
    const refuse = () => reject(new Error(`Not imported after ${IMPORT_TIMEOUT_MS / 1_000} s`));
    timer = setTimeout(refuse, IMPORT_TIMEOUT_MS);
  });
  try {
    const module = (await Promise.race([import(pathToFileURL(file).href), late])) as { default?: unknown };
    return module.default;
  } finally {
    clearTimeout(timer);
  }
}

/** Takes a default export that is a function definition; says so where it is not. */
function admit(loaded: Loaded, name: string, file: string, exported: unknown, note: Note): void {
  const definition = (exported ?? {}) as Partial<FnDefinition>;
  const { type, handler } = definition;
  if (!type || !handler) {
    note("warn", `[functions] ${file} has no function as its default export`);
    return;
  }
  const message = faultOf(definition);
  if (message !== null) {
    loaded.failed.push({ name, file, message });
    return;
  }
  if (loaded.functions.has(name)) {
    note("warn", `[functions] ${name} is there twice, as .js and as .ts; the .ts file counts`);
  }
  const args = definition.args ?? null;
  loaded.functions.set(name, { name, type, file, args, definition: definition as FnDefinition });
}

/** Says what is wrong with a definition: one bad one must not spoil the list they are announced in. */
function faultOf({ type, handler, args }: Partial<FnDefinition>): string | null {
  if (!FN_TYPES.has(type)) {
    return `type must be "query", "mutation" or "action", not ${JSON.stringify(type)}`;
  }
  if (typeof handler !== "function") {
    return "handler must be a function";
  }
  try {
    const isMap = typeof JSON.parse(JSON.stringify(args ?? {})) === "object" && !Array.isArray(args);
    const areThere = Object.values(args ?? {}).every((validator) => (validator ?? null) !== null);
    return isMap && areThere ? null : "args must be a map of validators";
  } catch {
    return "args must be plain validators, as v makes them";
  }
}

function entryOf({ name, type, args, definition }: Fn): FnEntry {
  const { internal, timeoutMs, description } = definition;
  return {
    name,
    fn_type: type,
    args_schema: args,
    ...(internal === true && { internal }),
    ...(typeof timeoutMs === "number" && timeoutMs > 0 && { timeout_ms: Math.round(timeoutMs) }),
    ...(typeof description === "string" && { description }),
  };
}
