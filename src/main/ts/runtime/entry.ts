/**
 * Preloaded where an entry is evaluated while somebody edits it: writes down which files it is made of,
 * one a line, so that changes of other files need not evaluate it again.
 */
import { writeFileSync } from "node:fs";
import "./resolve";
import { closureOf } from "./sources";

const list = process.env["PYLON_ENTRY_FILES"];
const entry = process.argv[1];

if (list && entry) {
  writeFileSync(list, closureOf([entry]).join("\n"));
}
