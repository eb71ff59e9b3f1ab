import { expect, test } from "bun:test";
import { opLine, parse, returnLine } from "../../../main/ts/runtime/protocol";

test.each(["", "nonsense", "null", "5", "[]", "{}", '{"type":"colour"}', '{"type":"call"', "\uFFFD\uFFFD"])(
  "%p is no frame",
  (line) => {
    expect(parse(line)).toBeNull();
  },
);

test("a frame is read with whatever else it holds", () => {
  expect(parse(' {"type":"ping","id":1,"new":true}\r')).toEqual({ type: "ping", id: 1, new: true } as never);
});

test("an op begins with its address and leaves out what is undefined", () => {
  const line = opLine("c_1", "c_1#2", { type: "db", op: "query", entity: "Lot", data: undefined });
  expect(line).toBe('{"type":"db","call_id":"c_1","op_id":"c_1#2","op":"query","entity":"Lot"}');
});

test("a return always has a value", () => {
  expect(returnLine('c"1', undefined)).toBe('{"type":"return","call_id":"c\\"1","value":null}');
  expect(returnLine("c_1", { b: 1, a: [] })).toBe('{"type":"return","call_id":"c_1","value":{"b":1,"a":[]}}');
});
