import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const RESOLVE = join(import.meta.dir, "../../../main/ts/runtime/resolve.ts");
const SAMPLES = join(import.meta.dir, "../../../samples");

let root: string;

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "pylon-resolve-")));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Writes a project and tells what its entry prints. */
async function printed(name: string, files: Record<string, string>): Promise<string> {
  const project = join(root, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }
  return evaluate(project);
}

async function evaluate(directory: string): Promise<string> {
  const command = [process.execPath, "run", "--no-install", "--preload", RESOLVE, "app.ts"];
  const entry = Bun.spawn(command, { cwd: directory, stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr] = await Promise.all([
    new Response(entry.stdout).text(),
    new Response(entry.stderr).text(),
  ]);
  return stdout + stderr;
}

/** An installed package that is not ours. */
const installed = (name: string) => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, main: "index.js" }),
  [`node_modules/${name}/index.js`]:
    'export const MANIFEST_VERSION = "theirs"; export const query = "theirs";',
});

const APP = `
  import { MANIFEST_VERSION } from "@pylonsync/sdk";
  import { query } from "@pylonsync/functions";
  console.log(MANIFEST_VERSION, typeof query);
`;

describe("the packages of an app", () => {
  test("are ours where nothing is installed", async () => {
    expect(await printed("bare", { "app.ts": APP })).toBe("1 function\n");
  });

  test("go by their old names too", async () => {
    const app = APP.replaceAll("@pylonsync/", "@pylon/");
    expect(await printed("old", { "app.ts": app })).toBe("1 function\n");
  });

  test("functions are ours even where others are installed; the SDK is the installed one", async () => {
    const files = { "app.ts": APP, ...installed("@pylonsync/sdk"), ...installed("@pylonsync/functions") };
    expect(await printed("both", files)).toBe("theirs function\n");
  });

  test("an installed one may lie further up", async () => {
    await printed("workspace", { "app.ts": "", ...installed("@pylonsync/sdk") });
    expect(await printed("workspace/apps/api", { "app.ts": APP })).toBe("theirs function\n");
  });

  test("reach helpers in other folders, by import, require and type", async () => {
    const files = {
      "app.ts": 'import { help } from "./lib/deep/helper"; console.log(help());',
      "lib/deep/helper.ts": `
        import type { QueryCtx } from "@pylonsync/functions";
        import { v } from "@pylon/functions";
        export const help = (_?: QueryCtx) => v.int().type + require("@pylonsync/functions").v.id("T").table;
      `,
    };
    expect(await printed("helpers", files)).toBe("intT\n");
  });

  test("the paths an editor needs do not lead the runtime astray", async () => {
    const tsconfig = { compilerOptions: { paths: { "@pylonsync/sdk": ["./.pylon/types/sdk/index.ts"] } } };
    const files = { "app.ts": APP, "tsconfig.json": JSON.stringify(tsconfig) };
    expect(await printed("paths", files)).toBe("1 function\n");
  });

  test("other packages resolve as usual, or fail without asking the network", async () => {
    const app = 'import { query } from "their-package"; console.log(query);';
    expect(await printed("third", { "app.ts": app, ...installed("their-package") })).toBe("theirs\n");
    expect(await printed("none", { "app.ts": app })).toContain("Cannot find");
  });
});

test.each(["todo", "auction", "chat"])("the entry of %s prints its manifest", async (sample) => {
  expect(JSON.parse(await evaluate(join(SAMPLES, sample)))).toMatchObject({
    manifest_version: 1,
    name: sample,
  });
});
