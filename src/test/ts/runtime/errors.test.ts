import { describe, expect, test } from "bun:test";
import {
  detailOf,
  excerptAt,
  FunctionError,
  placeIn,
  refusalOf,
  userFrames,
} from "../../../main/ts/runtime/errors";

const REDACTED = ["HANDLER_ERROR", "Internal handler error"];

function shown(thrown: unknown): string[] {
  const { code, message } = refusalOf(thrown);
  return [code, message];
}

const coded = (code: unknown, members: object = {}) =>
  Object.assign(new Error("secret"), { code, ...members });

describe("what a caller is told", () => {
  test.each([
    ["an author's error", new FunctionError("LOW", "too low"), ["LOW", "too low"]],
    ["an author's error without text", new FunctionError("LOW", ""), ["LOW", "Handler error"]],
    ["an object with a code", { code: "LOW", message: "too low" }, ["LOW", "too low"]],
    ["an object with a code alone", { code: "LOW" }, ["LOW", "Handler error"]],
    ["a code that only looks like the system's", { code: "EXPIRED", message: "m" }, ["EXPIRED", "m"]],
    ["an author who names an error like the system", new FunctionError("ENOENT", "m"), ["ENOENT", "m"]],
    ["a plain error", new Error("secret"), REDACTED],
    ["a text", "secret", REDACTED],
    ["null", null, REDACTED],
    ["a numeric code", coded(7), REDACTED],
    ["an empty code", coded(""), REDACTED],
    ["a missing file", coded("ENOENT"), REDACTED],
    ["an engine error", coded("ERR_INVALID_ARG_TYPE"), REDACTED],
    ["a name not found", coded("ENOTFOUND"), REDACTED],
    ["a refused connection", coded("ConnectionRefused"), REDACTED],
    ["a database error", coded("SQLITE_CONSTRAINT_UNIQUE"), REDACTED],
    ["whatever has an errno", coded("WHATEVER", { errno: -2 }), REDACTED],
  ])("%s", (_, thrown, expected) => {
    expect(shown(thrown)).toEqual(expected);
  });

  test("what cannot even be read is redacted like the rest", () => {
    const hostile = {
      get code(): string {
        throw new Error("no");
      },
    };
    expect(shown(hostile)).toEqual(REDACTED);
    expect(shown(Object.assign(new Error("a"), { name: 1n, message: Symbol("s") }))).toEqual(REDACTED);
  });

  test("errors of the engine itself are redacted", async () => {
    const missing = await Bun.file("/nowhere/at/all")
      .text()
      .catch((error: unknown) => error);
    const refused = await fetch("http://127.0.0.1:1/").catch((error: unknown) => error);

    expect([shown(missing), shown(refused)]).toEqual([REDACTED, REDACTED]);
  });
});

describe("what a developer is told", () => {
  test("the place of the throw and its surroundings", () => {
    const detail = detailOf(new Error("here"));

    expect(detail).toMatchObject({ name: "Error", message: "here", file: import.meta.path });
    expect(detail.excerpt?.[1]).toMatch(/^> \d+ \| {5}const detail = detailOf\(new Error\("here"\)\);$/);
    expect(detail.excerpt).toHaveLength(3);
  });

  test("the cause", () => {
    expect(detailOf(new Error("a", { cause: new Error("b") })).stack).toContain("Caused by: Error: b");
  });

  test("what was thrown when it was no error", () => {
    expect(detailOf({ a: 1 })).toEqual({ name: "object", message: '{"a":1}' });
    expect(detailOf(null)).toEqual({ name: "object", message: "null" });
  });
});

test("a place is the first frame of neither ours, a package nor the engine", () => {
  const ours = `${import.meta.dir.replace("/test/", "/main/")}/calls.ts`;
  const stack = `Error: x
    at authorError (${ours}:1:2)
    at check (/app/node_modules/zod/index.js:9:9)
    at map (native:1:1)
    at handler (/app/my functions/a.ts:12:7)
    at later (/app/b.ts:1:1)`;

  expect(placeIn(stack)).toEqual({ file: "/app/my functions/a.ts", line: 12, column: 7 });
  expect(userFrames(stack)).not.toContain("authorError");
  expect(placeIn("Error: x\n    at native")).toBeNull();
});

test("an excerpt ends where the file does, and is empty without one", () => {
  expect(excerptAt({ file: import.meta.path, line: 1, column: 1 })[0]).toStartWith("> 1 | import");
  expect(excerptAt({ file: "/nowhere.ts", line: 3, column: 1 })).toEqual([]);
});
