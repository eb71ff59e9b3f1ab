import { describe, expect, test } from "bun:test";
import { refusalOf } from "../../../main/ts/runtime/engine";

describe("versions of Bun", () => {
  test.each(["1.0.0", "1.2.10", "1.2.18"])("%s is refused with what to do", (version) => {
    expect(refusalOf(version)).toStartWith(`Bun ${version} is too old, pylon needs 1.2.19 or later. Install`);
  });

  test.each(["1.2.19", "1.2.20", "1.10.0", "2.0.0", Bun.version])("%s will do", (version) => {
    expect(refusalOf(version)).toBeNull();
  });
});
