import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { load } from "../../../main/ts/runtime/loader";

const roots: string[] = [];

afterAll(() => {
  for (const root of roots) {
    rmSync(root, { recursive: true, force: true });
  }
});

const OK = "export default { type: 'query', handler: () => 1 };";

/** Writes a project and loads its `functions`. */
async function loadOf(files: Record<string, string>) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "pylon-loader-")));
  roots.push(root);
  mkdirSync(join(root, "functions"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const notes: string[] = [];
  const directory = join(root, "functions");
  const loaded = await load(directory, (level, text) => notes.push(`${level} ${text}`));
  return { root, directory, notes, ...loaded };
}

describe("which files are functions", () => {
  test("those of the folder itself, sorted, tests and helpers left out", async () => {
    const { entries, notes } = await loadOf({
      "functions/b.ts": OK,
      "functions/a.js": OK,
      "functions/a.test.ts": OK,
      "functions/a.spec.js": OK,
      "functions/types.d.ts": "export {};",
      "functions/_helper.ts": OK,
      "functions/notes.md": "",
      "functions/deep/c.ts": OK,
    });

    expect(entries.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(notes.filter((note) => note.includes("not a function file"))).toHaveLength(4);
  });

  test("a relative path counts from the working directory", async () => {
    const { directory } = await loadOf({ "functions/a.ts": OK });
    const loaded = await load(relative(process.cwd(), directory), () => {});
    expect(loaded.entries).toHaveLength(1);
  });

  test("the same name twice is told of", async () => {
    const { entries, notes } = await loadOf({
      "functions/a.js": OK,
      "functions/a.ts": OK.replace("query", "action"),
    });

    expect(entries).toMatchObject([{ name: "a", fn_type: "action" }]);
    expect(notes).toEqual([expect.stringContaining("warn [functions] a is there twice")]);
  });

  test("a file without a function is told of", async () => {
    const { entries, failed, notes } = await loadOf({ "functions/a.ts": "export const x = 1;" });

    expect([entries, failed]).toEqual([[], []]);
    expect(notes).toEqual([expect.stringContaining("has no function as its default export")]);
  });

  test("a folder that is not there", async () => {
    const { error } = await load("/nowhere/functions", () => {});
    expect(error).toBe("Cannot read functions directory: /nowhere/functions");
  });
});

test("what a definition says is announced", async () => {
  const { entries } = await loadOf({
    "functions/a.ts":
      "export default { type: 'mutation', args: { n: { type: 'int' } }, internal: true, timeoutMs: 1500.4, description: 'd', handler() {} };",
    "functions/b.ts": "export default { type: 'query', internal: 'yes', timeoutMs: -1, handler() {} };",
  });

  expect(entries).toEqual([
    {
      name: "a",
      fn_type: "mutation",
      args_schema: { n: { type: "int" } },
      internal: true,
      timeout_ms: 1500,
      description: "d",
    },
    { name: "b", fn_type: "query", args_schema: null },
  ]);
});

describe("a file that fails leaves the others alone", () => {
  const rows: [string, string, object][] = [
    ["syntax", "const a = 1;\nlet b = ;\n", { line: 2, column: 9, message: "Unexpected ;" }],
    ["two mistakes", "const a = 1;\nconst a = 2;\nlet b: = 3;\n", { line: 2, column: 7 }],
    ["a throw", "\nthrow new Error('at import');\n", { line: 2, message: "at import" }],
    [
      "a missing module",
      "\nimport x from './nope';\nexport default x;",
      { line: 2, message: expect.stringContaining("./nope") },
    ],
    [
      "a missing export",
      "import { nope } from './ok';\nexport default nope;",
      { message: expect.stringContaining("nope") },
    ],
    [
      "an unknown type",
      "export default { type: 'weird', handler() {} };",
      { message: 'type must be "query", "mutation" or "action", not "weird"' },
    ],
    [
      "no handler to call",
      "export default { type: 'query', handler: 5 };",
      { message: "handler must be a function" },
    ],
    [
      "args that cannot be announced",
      "export default { type: 'query', args: { a: { type: 'literal', value: 1n } }, handler() {} };",
      { message: "args must be plain validators, as v makes them" },
    ],
    [
      "args that are no map",
      "export default { type: 'query', args: ['a'], handler() {} };",
      { message: "args must be a map of validators" },
    ],
    ["a throw that is no error", "throw 'text';", { message: "text" }],
  ];
  test.each(rows)("%s", async (_, text, failure) => {
    const { directory, entries, failed } = await loadOf({ "functions/bad.ts": text, "functions/ok.ts": OK });

    expect(entries.map(({ name }) => name)).toEqual(["ok"]);
    expect(failed).toEqual(
      [{ name: "bad", file: join(directory, "bad.ts"), ...failure } as never].map((entry) =>
        expect.objectContaining(entry),
      ),
    );
  });

  test("the mistake may stand in a helper", async () => {
    const { root, failed } = await loadOf({
      "functions/a.ts": "import '../lib/helper';\n" + OK,
      "lib/helper.ts": "\n\nlet b = ;\n",
    });
    expect(failed).toMatchObject([{ name: "a", file: join(root, "lib/helper.ts"), line: 3 }]);
  });
});

test("the files of a project are its functions and what they import", async () => {
  const { root, files } = await loadOf({
    "functions/a.ts":
      "import { h } from '../lib/helper';\nimport type { T } from '../lib/types';\n" + OK + "h();",
    "functions/bad.ts": "let b = ;",
    "lib/helper.ts": "export { h } from './deeper';\nimport 'pkg';",
    "lib/deeper.js": "export const h = () => 1;",
    "lib/types.ts": "export type T = 1;",
    "node_modules/pkg/package.json": '{"name":"pkg","main":"i.js"}',
    "node_modules/pkg/i.js": "",
  });

  expect(files.map((file) => relative(root, file)).sort()).toEqual([
    "functions/a.ts",
    "functions/bad.ts",
    "lib/deeper.js",
    "lib/helper.ts",
  ]);
});
