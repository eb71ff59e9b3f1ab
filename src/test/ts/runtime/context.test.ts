import { describe, expect, test } from "bun:test";
import type { ActionCtx, MutationCtx, QueryCtx } from "../../../main/ts/functions/types";
import { contextFor } from "../harness/memory";

describe("who is calling", () => {
  test("an anonymous caller is all nulls", () => {
    const { auth } = contextFor<QueryCtx>("query").ctx;

    expect(auth).toMatchObject({ userId: null, isAdmin: false, tenantId: null, email: null, roles: [] });
    expect([auth.isGuest, auth.isSystem, auth.isTrustedDevice, auth.hasRole("owner")]).toEqual(
      Array(4).fill(false),
    );
  });

  test("both spellings are understood", () => {
    const snake = contextFor<QueryCtx>("query", null, {
      auth: {
        user_id: "u",
        is_admin: true,
        tenant_id: "t",
        roles: ["owner"],
        is_system: true,
        email: "a@b.c",
      },
    }).ctx.auth;
    const camel = contextFor<QueryCtx>("query", null, {
      auth: { userId: "u", isAdmin: true, tenantId: "t" },
    }).ctx.auth;

    expect(snake).toMatchObject({
      userId: "u",
      isAdmin: true,
      tenantId: "t",
      isSystem: true,
      email: "a@b.c",
    });
    expect(snake.hasRole("owner")).toBe(true);
    expect(camel).toMatchObject({ userId: "u", isAdmin: true, tenantId: "t" });
  });
});

describe("what each kind of function can do", () => {
  test("a query reads", () => {
    const { ctx } = contextFor<QueryCtx>("query");

    expect(Object.keys(ctx).sort()).toEqual(["auth", "db", "env", "error", "log", "signal"]);
    expect(Object.keys(ctx.db).sort()).toEqual([
      "get",
      "list",
      "lookup",
      "paginate",
      "query",
      "queryGraph",
      "search",
    ]);
  });

  test("a mutation writes, streams and schedules", () => {
    const { ctx } = contextFor<MutationCtx>("mutation");

    expect(Object.keys(ctx)).toEqual(
      expect.arrayContaining(["db", "stream", "scheduler", "schedule", "error"]),
    );
    expect(Object.keys(ctx)).not.toContain("runQuery");
    expect(Object.keys(ctx.db)).toEqual(
      expect.arrayContaining(["insert", "insertMany", "update", "delete", "link", "unlink", "get"]),
    );
  });

  test("an action does all that and runs others; request is always a member", () => {
    const { ctx } = contextFor<ActionCtx>("action");

    expect(Object.keys(ctx)).toEqual(
      expect.arrayContaining(["db", "runQuery", "runMutation", "runAction", "request"]),
    );
    expect(ctx.request).toBeUndefined();
  });

  test("an action sees the request of its webhook", () => {
    const request = { method: "POST", path: "/x?a=1", headers: { a: "b" }, raw_body: "raw" };
    const { ctx } = contextFor<ActionCtx>("action", null, { request });
    expect(ctx.request).toEqual(
      expect.objectContaining({ method: "POST", path: "/x?a=1", headers: { a: "b" }, rawBody: "raw" }),
    );
    expect([...ctx.request!.rawBytes]).toEqual([114, 97, 119]);
  });

  test("an action sees the bytes of a webhook that are no text", () => {
    const request = { method: "POST", path: "/x", headers: {}, raw_body: "\ufffd", raw_body_base64: "/w==" };
    const { ctx } = contextFor<ActionCtx>("action", null, { request });
    expect([...ctx.request!.rawBytes]).toEqual([0xff]);
  });

  test("its parts survive being taken apart", async () => {
    const { ctx, asked } = contextFor<MutationCtx>("mutation", { id: "r1" });
    const { insert } = { ...ctx }.db;

    expect(await insert("Lot", { a: 1 })).toBe("r1");
    expect(asked).toHaveLength(1);
  });
});

describe("database ops", () => {
  type Ask = (ctx: MutationCtx) => Promise<unknown>;
  const rows: [string, Ask, object, unknown, unknown][] = [
    ["get", ({ db }) => db.get("Lot", "l1"), { op: "get", id: "l1" }, { id: "l1" }, { id: "l1" }],
    ["list", ({ db }) => db.list("Lot"), { op: "list" }, [], []],
    ["lookup", ({ db }) => db.lookup("Lot", "n", 5), { op: "lookup", field: "n", value: 5 }, null, null],
    ["query without filter", ({ db }) => db.query("Lot"), { op: "query" }, [], []],
    ["query", ({ db }) => db.query("Lot", { a: 1 }), { op: "query", data: { a: 1 } }, [], []],
    [
      "insert",
      ({ db }) => db.insert("Lot", { a: undefined, b: 1 }),
      { op: "insert", data: { b: 1 } },
      { id: "x" },
      "x",
    ],
    [
      "insertMany",
      ({ db }) => db.insertMany("Lot", [{}]),
      { op: "insert_many", data: [{}] },
      { ids: ["x"] },
      ["x"],
    ],
    [
      "update",
      ({ db }) => db.update("Lot", "l", { a: 1 }),
      { op: "update", id: "l", data: { a: 1 } },
      { updated: true },
      true,
    ],
    ["delete", ({ db }) => db.delete("Lot", "l"), { op: "delete", id: "l" }, { deleted: false }, false],
    [
      "link",
      ({ db }) => db.link("Lot", "l", "r", "t"),
      { op: "link", id: "l", relation: "r", target_id: "t" },
      { linked: true },
      true,
    ],
    [
      "unlink",
      ({ db }) => db.unlink("Lot", "l", "r"),
      { op: "unlink", id: "l", relation: "r" },
      { unlinked: true },
      true,
    ],
    [
      "search",
      ({ db }) => db.search("Lot", { query: "x" }),
      { op: "search", data: { query: "x" } },
      { hits: [] },
      { hits: [] },
    ],
  ];
  test.each(rows)("%s", async (_, ask, frame, answer, expected) => {
    const { ctx, asked } = contextFor<MutationCtx>("mutation", answer);

    expect(await ask(ctx)).toEqual(expected);
    expect(asked).toEqual([{ type: "db", entity: "Lot", ...frame } as never]);
  });

  test("a graph query names no entity", async () => {
    const { ctx, asked } = contextFor<QueryCtx>("query", {});
    await ctx.db.queryGraph({ Lot: {} });
    expect(asked).toEqual([{ type: "db", op: "query_graph", entity: "", data: { Lot: {} } }]);
  });

  test.each([
    [0, 1],
    [99_999, 1_000],
    [20.9, 20],
    ["x" as never, 1],
    [NaN, 1],
    [-5, 1],
  ])("a page of %p rows asks for %p", async (numItems, limit) => {
    const { ctx, asked } = contextFor<QueryCtx>("query", {});
    await ctx.db.paginate("Lot", { cursor: null, numItems });
    expect(asked).toEqual([{ type: "db", op: "paginate", entity: "Lot", limit }]);
  });
});

describe("scheduling", () => {
  const date = "2026-01-01T00:00:00.000Z";
  const rows: [string, (ctx: MutationCtx) => Promise<unknown>, object][] = [
    ["a delay", (ctx) => ctx.scheduler.runAfter(5_000, "g", { a: 1 }), { delay_ms: 5_000, args: { a: 1 } }],
    ["no args", (ctx) => ctx.scheduler.runAfter(1, "g"), { delay_ms: 1, args: {} }],
    ["a fraction", (ctx) => ctx.scheduler.runAfter(1234.5, "g"), { delay_ms: 1235, args: {} }],
    ["the past", (ctx) => ctx.scheduler.runAfter(-5, "g"), { delay_ms: 0, args: {} }],
    ["numeric text", (ctx) => ctx.scheduler.runAfter("250" as never, "g"), { delay_ms: 250, args: {} }],
    ["the alias", (ctx) => ctx.schedule(7, "g"), { delay_ms: 7, args: {} }],
    ["a moment", (ctx) => ctx.scheduler.runAt(1767225600000, "g"), { run_at: 1767225600000, args: {} }],
    ["a date", (ctx) => ctx.scheduler.runAt(new Date(date), "g"), { run_at: 1767225600000, args: {} }],
    ["ISO text", (ctx) => ctx.scheduler.runAt(date, "g"), { run_at: 1767225600000, args: {} }],
  ];
  test.each(rows)("%s", async (_, schedule, frame) => {
    const { ctx, asked } = contextFor<MutationCtx>("mutation", { scheduled: true, id: "job_1" });

    expect(await schedule(ctx)).toBe("job_1");
    expect(asked).toEqual([{ type: "schedule", fn_name: "g", ...frame } as never]);
  });

  test.each([NaN, Infinity, new Date("nonsense"), "tomorrow", "", undefined])(
    "%p is no time",
    async (time) => {
      const { ctx, asked } = contextFor<MutationCtx>("mutation");

      await expect(ctx.scheduler.runAfter(time as never, "g")).rejects.toMatchObject({
        code: "INVALID_ARGS",
      });
      await expect(ctx.scheduler.runAt(time as never, "g")).rejects.toMatchObject({ code: "INVALID_ARGS" });
      expect(asked).toEqual([]);
    },
  );

  test("cancel answers nothing", async () => {
    const { ctx, asked } = contextFor<MutationCtx>("mutation", { cancelled: true });

    expect(await ctx.scheduler.cancel("job_1")).toBeUndefined();
    expect(asked).toEqual([{ type: "cancel_schedule", schedule_id: "job_1" }]);
  });
});

test("nested calls always carry args", async () => {
  const { ctx, asked } = contextFor<ActionCtx>("action", 1);
  await Promise.all([ctx.runQuery("q"), ctx.runMutation("m", { a: 1 }), ctx.runAction("a")]);

  expect(asked).toEqual([
    { type: "run_fn", fn_name: "q", fn_type: "query", args: {} },
    { type: "run_fn", fn_name: "m", fn_type: "mutation", args: { a: 1 } },
    { type: "run_fn", fn_name: "a", fn_type: "action", args: {} },
  ]);
});

test("streams send text, make text of objects and drop undefined", () => {
  const { ctx, streamed } = contextFor<MutationCtx>("mutation");
  void ctx.stream.write("a");
  void ctx.stream.write({ pct: 40 });
  void ctx.stream.write(undefined);
  void ctx.stream.write(5);
  void ctx.stream.writeEvent("progress", "b");

  expect(streamed).toEqual([
    ["a", undefined],
    ['{"pct":40}', undefined],
    ["5", undefined],
    ["b", "progress"],
  ]);
});

test("ctx.error makes an error with a code", () => {
  const error = contextFor<MutationCtx>("mutation").ctx.error("LOW", "too low");
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ code: "LOW", message: "too low" });
});
