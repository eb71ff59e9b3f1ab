/** What the engine knows about source files: where one fails to import, and what it imports. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, extname, isAbsolute, sep } from "node:path";
import { placeIn } from "./errors";
import type { FailedEntry } from "./protocol";

/** More files than this belong to no functions directory: somebody imports a generated tree. */
const FILES_MAX = 2_000;

const SCANNED = new Set([".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs"]);

/** The engine's message about a file it cannot build, as far as we read it. */
interface EngineMessage {
  message: string;
  position?: { file?: string; line?: number; column?: number } | null;
  specifier?: string;
  referrer?: string;
}

/** Says why a file could not be imported, and where: in it, or in what it imports. */
export function failureOf(reason: unknown, file: string): Omit<FailedEntry, "name"> {
  const first = reason instanceof AggregateError ? (reason.errors[0] as unknown) : reason;
  if (typeof first !== "object" || first === null) {
    return { file, message: String(first) };
  }
  const { message, position, specifier, referrer, stack } = first as EngineMessage & { stack?: string };
  if (position?.file && position.line) {
    const { line, column } = position;
    return { file: position.file, line, ...(column && { column }), message };
  }
  if (specifier !== undefined && referrer !== undefined) {
    return { ...placeOfText(referrer, specifier), message };
  }
  return { file, ...placeIn(String(stack ?? "")), message: String(message) };
}

/** Finds an import the engine could not resolve, for it does not say on which line it stands. */
function placeOfText(file: string, text: string): { file: string; line?: number; column?: number } {
  try {
    const lines = readFileSync(file, "utf8").split("\n");
    const index = lines.findIndex((line) => line.includes(`"${text}"`) || line.includes(`'${text}'`));
    return index < 0 ? { file } : { file, line: index + 1, column: (lines[index] ?? "").indexOf(text) };
  } catch {
    return { file };
  }
}

/** All files of the project that these import, themselves included; packages are not followed. */
export function closureOf(files: readonly string[]): string[] {
  const closure = new Set(files);
  const transpiler = new Bun.Transpiler({ loader: "tsx" });
  for (const file of closure) {
    if (closure.size >= FILES_MAX) {
      break;
    }
    for (const imported of importsOf(file, transpiler)) {
      closure.add(imported);
    }
  }
  return [...closure];
}

function importsOf(file: string, transpiler: Bun.Transpiler): string[] {
  if (!SCANNED.has(extname(file))) {
    return [];
  }
  try {
    return transpiler
      .scanImports(readFileSync(file))
      .filter(({ path }) => path.startsWith(".") || isAbsolute(path))
      .map(({ path }) => resolved(path, dirname(file)))
      .filter((path) => path !== null && !path.includes(`${sep}node_modules${sep}`)) as string[];
  } catch {
    // Does not parse: its failure is reported with its import.
    return [];
  }
}

function resolved(path: string, from: string): string | null {
  try {
    const file = Bun.resolveSync(path, from);
    return existsSync(file) ? file : null;
  } catch {
    return null;
  }
}
