import { describe, expect, test } from "bun:test";
import { v, validate, type Validator } from "../../../main/ts/functions/validators";

/** Checks one required argument `p`. */
function faults(validator: Validator, value: unknown): string[] {
  return validate({ p: value }, { p: validator });
}

describe("what each validator is on the wire", () => {
  const rows: [string, Validator, object][] = [
    ["string", v.string(), { type: "string" }],
    ["datetime", v.datetime(), { type: "string" }],
    ["richtext", v.richtext(), { type: "string" }],
    ["number", v.number(), { type: "number" }],
    ["float", v.float(), { type: "number" }],
    ["int", v.int(), { type: "int" }],
    ["boolean", v.boolean(), { type: "boolean" }],
    ["bool", v.bool(), { type: "boolean" }],
    ["id", v.id("Lot"), { type: "id", table: "Lot" }],
    ["null", v.null(), { type: "null" }],
    ["any", v.any(), { type: "any" }],
    ["literal", v.literal("x"), { type: "literal", value: "x" }],
    ["array", v.array(v.int()), { type: "array", items: { type: "int" } }],
    ["object", v.object({ a: v.string() }), { type: "object", fields: { a: { type: "string" } } }],
    ["union", v.union(v.int(), v.null()), { type: "union", variants: [{ type: "int" }, { type: "null" }] }],
    ["optional", v.optional(v.id("Lot")), { type: "id", table: "Lot", optional: true }],
  ];
  test.each(rows)("%s", (_, validator, wire) => {
    expect(JSON.parse(JSON.stringify(validator))).toEqual(wire);
  });
});

describe("what passes", () => {
  const rows: [string, Validator, unknown][] = [
    ["any text as a datetime", v.datetime(), "not a date"],
    ["a fraction as an int", v.int(), 1.5],
    ["any text as an id", v.id("Lot"), ""],
    ["anything as any", v.any(), [1]],
    ["an equal literal", v.literal(5), 5],
    ["an empty array", v.array(v.int()), []],
    ["unknown members of an object", v.object({ a: v.int() }), { a: 1, b: 2 }],
    ["an optional member left out", v.object({ a: v.optional(v.int()) }), {}],
    ["a null where the object says so", v.object({ a: v.null() }), { a: null }],
    ["the second variant", v.union(v.int(), v.string()), "x"],
    ["anything as a type of the future", { type: "colour" }, 7],
  ];
  test.each(rows)("%s", (_, validator, value) => {
    expect(faults(validator, value)).toEqual([]);
  });
});

describe("what is wrong with a value", () => {
  const rows: [string, Validator, unknown, string][] = [
    ["string", v.string(), 5, "p: expected string, got number"],
    ["datetime", v.datetime(), 5, "p: expected string, got number"],
    ["number", v.number(), "5", "p: expected number, got string"],
    ["int", v.int(), true, "p: expected number, got boolean"],
    ["boolean", v.boolean(), 1, "p: expected boolean, got number"],
    ["id", v.id("Lot"), {}, "p: expected id string, got object"],
    ["null", v.null(), 0, "p: expected null, got number"],
    ["literal", v.literal("a"), "b", 'p: expected literal "a", got "b"'],
    ["array", v.array(v.int()), {}, "p: expected array, got object"],
    ["first bad element", v.array(v.int()), [1, "x", "y"], "p[1]: expected number, got string"],
    ["object", v.object({}), "x", "p: expected object"],
    ["an array is no object", v.object({}), [], "p: expected object"],
    ["missing member", v.object({ k: v.int() }), {}, "p.k: required field missing"],
    [
      "null in an object",
      v.object({ c: v.optional(v.number()) }),
      { c: null },
      "p.c: expected number, got object",
    ],
    ["deep path", v.array(v.object({ k: v.id("T") })), [{ k: 1 }], "p[0].k: expected id string, got number"],
    ["union", v.union(v.int(), v.null()), "x", "p: value does not match any variant"],
  ];
  test.each(rows)("%s", (_, validator, value, fault) => {
    expect(faults(validator, value)).toEqual([fault]);
  });
});

describe("arguments as a whole", () => {
  test.each([null, undefined, 5, "x"])("%p are not an object", (args) => {
    expect(validate(args, { a: v.int() })).toEqual(["args must be an object"]);
  });

  test("an array passes for an object and lacks the keys", () => {
    expect(validate([1], { a: v.int() })).toEqual(['Missing required field "a" (type: int)']);
  });

  test("have only the members that were sent, whatever every object has", () => {
    const spec = { toString: v.string(), constructor: v.optional(v.int()), o: v.object({ valueOf: v.int() }) };
    expect(validate({ o: {} }, spec)).toEqual([
      'Missing required field "toString" (type: string)',
      "o.valueOf: required field missing",
    ]);
  });

  test("a required argument may not be null, whatever it accepts", () => {
    const spec = { a: v.null(), b: v.any(), c: v.union(v.int(), v.null()) };
    expect(validate({ a: null, b: null }, spec)).toEqual([
      'Missing required field "a" (type: null)',
      'Missing required field "b" (type: any)',
      'Missing required field "c" (type: union)',
    ]);
  });

  test("an optional argument may be absent or null", () => {
    expect(validate({ a: null }, { a: v.optional(v.int()), b: v.optional(v.int()) })).toEqual([]);
  });

  test("every argument is told of, in the order of declaration", () => {
    expect(validate({ b: 1, extra: 2 }, { b: v.string(), a: v.int() })).toEqual([
      "b: expected string, got number",
      'Missing required field "a" (type: int)',
    ]);
  });
});
