/**
 * Makes the built-in packages importable from anywhere in a project, with nothing installed.
 *
 * Imported by the runtime, and preloaded where the entry of a project is evaluated. The functions
 * package is always ours: an installed one would silently drop what only ours knows, such as
 * `internal`. The SDK is ours unless the project has its own.
 */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import * as functions from "../functions/index";
import * as sdk from "../sdk/index";

const FUNCTIONS = ["@pylonsync/functions", "@pylon/functions"];

const SDK = ["@pylonsync/sdk", "@pylon/sdk"];

/** True where a folder of packages beside or above one of these directories has the package. */
function isInstalled(name: string, directories: readonly string[]): boolean {
  return directories.some((directory) => {
    const parent = dirname(directory);
    return (
      existsSync(join(directory, "node_modules", name, "package.json")) ||
      (parent !== directory && isInstalled(name, [parent]))
    );
  });
}

/** Where the project is: around its entry, or its functions directory. Not where this file lies. */
const project = process.argv
  .slice(1, 3)
  .map((path) => dirname(resolve(path)))
  .filter((directory) => directory !== import.meta.dir);

Bun.plugin({
  name: "pylon",
  setup(build) {
    for (const name of FUNCTIONS) {
      build.module(name, () => ({ exports: functions, loader: "object" }));
    }
    for (const name of SDK.filter((name) => !isInstalled(name, project))) {
      build.module(name, () => ({ exports: sdk, loader: "object" }));
    }
  },
});
