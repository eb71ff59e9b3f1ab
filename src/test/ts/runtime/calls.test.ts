import { describe, expect, test } from "bun:test";
import type { ActionCtx, MutationCtx, QueryCtx } from "../../../main/ts/functions/types";
import { v } from "../../../main/ts/functions/validators";
import { callOf, runtimeOf, settled } from "../harness/memory";

describe("before the handler", () => {
  test("an unknown function is refused", () => {
    const { calls, out } = runtimeOf(() => 1);
    calls.start(callOf({ fn_name: "g" }));
    expect(out.frames).toEqual([
      { type: "error", call_id: "c_1", code: "FN_NOT_FOUND", message: 'Function "g" not registered' },
    ]);
  });

  test("another kind is refused; none is taken", () => {
    const { calls, out } = runtimeOf(() => 1);
    calls.start(callOf({ fn_type: "query" }));
    calls.start(callOf());

    expect(out.frames).toMatchObject([
      { code: "FN_TYPE_MISMATCH", message: 'Function "f" is registered as mutation, not query' },
      { type: "return", value: 1 },
    ]);
  });

  test("wrong arguments are refused, all at once", () => {
    const { calls, out } = runtimeOf(() => 1, { args: { a: v.int(), b: v.string() } });
    calls.start(callOf({ args: { a: "x" } }));
    expect(out.frames).toMatchObject([
      {
        code: "INVALID_ARGS",
        message: 'a: expected number, got string; Missing required field "b" (type: string)',
      },
    ]);
  });

  test("without validators anything is taken", () => {
    const { calls, out } = runtimeOf((_, args) => args);
    calls.start(callOf({ args: [1] }));
    expect(out.frames).toMatchObject([{ value: [1] }]);
  });

  test("a call without auth is refused", () => {
    const { calls, out } = runtimeOf(() => 1);
    calls.start({ type: "call", call_id: "c_1", fn_name: "f" } as never);
    expect(out.frames).toMatchObject([{ code: "HANDLER_CRASH" }]);
  });
});

test("a call that cannot be begun is refused, and harms no other", () => {
  const { calls, out } = runtimeOf(() => 1, { args: { a: null as never } });
  calls.start(callOf());
  calls.start(callOf({ fn_name: "g" }));
  expect(out.frames).toMatchObject([{ code: "HANDLER_CRASH" }, { code: "FN_NOT_FOUND" }]);
});

describe("the end of a call", () => {
  test.each([
    ["undefined", undefined, null],
    ["null", null, null],
    ["a function", () => 1, null],
    ["a symbol", Symbol("s"), null],
    ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["no number", NaN, null],
    ["a map", new Map([[1, 2]]), {}],
  ])("%s", (_, value, expected) => {
    const { calls, out } = runtimeOf(() => value);
    calls.start(callOf());
    expect(out.frames).toEqual([{ type: "return", call_id: "c_1", value: expected }]);
  });

  test("a handler that answers at once ends its call at once", () => {
    const { calls, out } = runtimeOf(() => 1);
    calls.start(callOf());
    expect(out.frames).toHaveLength(1);
  });

  test("what JSON cannot write is a failure", () => {
    const { calls, out } = runtimeOf(() => 1n);
    calls.start(callOf());
    expect(out.frames).toMatchObject([{ type: "error", code: "HANDLER_ERROR" }]);
  });

  test("a throw shows its code, with the place for those who may see it", async () => {
    const { calls, out } = runtimeOf(async (ctx: MutationCtx) => {
      throw ctx.error("LOW", "too low");
    });
    calls.start(callOf());
    await settled();

    expect(out.frames).toMatchObject([
      { type: "error", code: "LOW", message: "too low", detail: { file: import.meta.path } },
    ]);
  });
});

describe("a row that came with the call", () => {
  const ahead = { entity: "A", id: "a_1", row: { id: "a_1", x: 1 } };

  test("is there when it is asked for, and the host hears of it", async () => {
    const { calls, out } = runtimeOf((ctx: QueryCtx) => ctx.db.get("A", "a_1"), { type: "query" });
    calls.start(callOf({ ahead }));
    await settled();
    expect(out.frames).toEqual([
      { type: "ahead", call_id: "c_1" },
      { type: "return", call_id: "c_1", value: ahead.row },
    ]);
  });

  test.each([
    ["another row", (ctx: QueryCtx) => ctx.db.get("A", "a_2")],
    ["another entity", (ctx: QueryCtx) => ctx.db.get("B", "a_1")],
    ["another question", (ctx: QueryCtx) => ctx.db.lookup("A", "id", "a_1")],
    ["the second question", (ctx: QueryCtx) => Promise.all([ctx.db.list("A"), ctx.db.get("A", "a_1")])],
    ["a question after a pause", async (ctx: QueryCtx) => (await null, ctx.db.get("A", "a_1"))],
  ])("is no answer to %s", async (_, handler) => {
    const { calls, out } = runtimeOf(handler, { type: "query" });
    calls.start(callOf({ ahead }));
    await settled();
    expect(out.frames[0]).toMatchObject({ type: "db" });
    expect(out.frames.map((frame) => frame["type"])).not.toContain("ahead");
  });

  test("answers once", async () => {
    const both = (ctx: QueryCtx) => Promise.all([ctx.db.get("A", "a_1"), ctx.db.get("A", "a_1")]);
    const { calls, out } = runtimeOf(both, { type: "query" });
    calls.start(callOf({ ahead }));
    await settled();
    expect(out.frames.map((frame) => frame["type"])).toEqual(["ahead", "db"]);
  });
});

describe("ops", () => {
  test("overlap, each with its own id, and may be answered in any order", async () => {
    const { calls, out } = runtimeOf(({ db }: MutationCtx) => Promise.all([db.list("A"), db.list("B")]));
    calls.start(callOf());
    const ids = out.frames.map((frame) => frame["op_id"] as string);
    calls.settle({ type: "result", call_id: "c_1", op_id: ids[1] as string, data: "b" });
    calls.settle({ type: "result", call_id: "c_1", op_id: "c_1#0", data: "nobody's" });
    calls.settle({ type: "result", call_id: "c_1", op_id: ids[0] as string, data: "a" });
    await settled();

    expect(new Set(ids).size).toBe(2);
    expect(out.frames[2]).toEqual({ type: "return", call_id: "c_1", value: ["a", "b"] });
  });

  test("head of an op: type, call, op", () => {
    const { calls, out } = runtimeOf((ctx: MutationCtx) => ctx.db.insert("A", { x: 1 }));
    calls.start(callOf());
    const keys = Object.keys(out.frames[0] as object);
    expect([keys.slice(0, 3), keys.at(-1)]).toEqual([["type", "call_id", "op_id"], "data"]);
  });

  test("a refused op can be caught, and says where it was asked", async () => {
    const { calls, out } = runtimeOf(async (ctx: MutationCtx) => {
      const failure = await ctx.db.list("Nope").catch((error: Error & { code: string }) => error);
      return [failure instanceof Error, (failure as { code: string }).code, (failure as Error).stack];
    });
    calls.start(callOf());
    const op_id = out.frames[0]?.["op_id"] as string;
    calls.settle({
      type: "result",
      call_id: "c_1",
      op_id,
      error: { code: "ENTITY_NOT_FOUND", message: "m" },
    });
    await settled();

    const [isError, code, stack] = out.frames[1]?.["value"] as [boolean, string, string];
    expect([isError, code]).toEqual([true, "ENTITY_NOT_FOUND"]);
    expect(stack).toContain(import.meta.path);
  });

  test("a refused read says where it was asked, also of a function that was asked often", async () => {
    const { calls, out } = runtimeOf(async (ctx: MutationCtx, { entity }: { entity: string }) => {
      return await ctx.db.list(entity);
    });
    const ask = async (id: string, entity: string) => {
      calls.start(callOf({ call_id: id, args: { entity } }));
      const asked = out.frames.findLast((frame) => frame["type"] === "db");
      const error = entity === "Nope" ? { error: { code: "ENTITY_NOT_FOUND", message: "m" } } : { data: [] };
      calls.settle({ type: "result", call_id: id, op_id: asked?.["op_id"] as string, ...error });
      await settled();
    };
    for (let i = 0; i < 200; i++) {
      await ask(`c_${i}`, "Todo");
    }
    await ask("c_200", "Nope");

    expect(out.frames.at(-1)).toMatchObject({
      code: "ENTITY_NOT_FOUND",
      detail: { file: import.meta.path },
    });
    expect(out.frames.at(-1)?.["detail"]).toMatchObject({
      excerpt: [expect.anything(), expect.stringContaining("await ctx.db.list(entity)"), expect.anything()],
    });
  });

  test("an ended call is inert", async () => {
    let leaked: MutationCtx | undefined;
    const { calls, out } = runtimeOf((ctx: MutationCtx) => {
      leaked = ctx;
    });
    calls.start(callOf());

    await expect(leaked?.db.list("A")).rejects.toMatchObject({ code: "CALL_ENDED" });
    expect(() => leaked?.stream.write("x")).toThrow("has ended");
    await expect(leaked?.scheduler.runAfter(1, "f")).rejects.toMatchObject({ code: "CALL_ENDED" });
    await settled();
    expect(out.frames).toHaveLength(1);
  });
});

describe("cancelling", () => {
  test("fails what is pending, aborts, and ends the call silently", async () => {
    const seen: unknown[] = [];
    const { calls, out } = runtimeOf(
      async (ctx: ActionCtx) => {
        ctx.signal.addEventListener("abort", () => seen.push("aborted"));
        await ctx.db.list("A").catch((error: { code: string }) => seen.push(error.code));
        await ctx.db.list("B").catch((error: { code: string }) => seen.push(error.code));
        return 1;
      },
      { type: "action" },
    );
    calls.start(callOf());
    calls.cancel({ type: "cancel", call_id: "c_1", reason: "timeout" });
    await settled();

    expect(seen).toEqual(["aborted", "CALL_CANCELLED", "CALL_CANCELLED"]);
    expect(out.frames).toHaveLength(1);
  });

  test("a signal first looked at afterwards has aborted", async () => {
    let aborted: boolean | undefined;
    const { calls } = runtimeOf(async (ctx: MutationCtx) => {
      await ctx.db.list("A").catch(() => undefined);
      aborted = ctx.signal.aborted;
    });
    calls.start(callOf());
    calls.cancel({ type: "cancel", call_id: "c_1", reason: "disconnect" });
    await settled();

    expect(aborted).toBe(true);
  });
});

test("who streams faster than the host reads is stopped", async () => {
  const { calls, out } = runtimeOf((ctx: MutationCtx) => void ctx.stream.write("x"));
  out.full = true;
  calls.start(callOf());
  expect(out.frames).toMatchObject([{ type: "error", code: "STREAM_OVERFLOW" }]);
});
