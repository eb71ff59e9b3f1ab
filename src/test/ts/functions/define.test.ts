import { describe, expect, test } from "bun:test";
import { action, mutation, query, v } from "../../../main/ts/functions/index";

describe("a definition", () => {
  test("holds type, args and handler, and nothing else", () => {
    const handler = () => 1;
    const args = { id: v.id("Lot") };

    expect(query({ args, handler })).toEqual({ type: "query", args, handler });
    expect(Object.keys(mutation({ handler }))).toEqual(["type", "args", "handler"]);
    expect(action({ handler }).type).toBe("action");
  });

  test("keeps the options there are", () => {
    const definition = action({ internal: true, timeoutMs: 5, description: "d", handler: () => 1 });
    expect(definition).toMatchObject({ internal: true, timeoutMs: 5, description: "d" });
  });

  // What these claim is claimed to the compiler: a wrong type fails the type check of the build.
  test("infers the types of its arguments", () => {
    mutation({
      args: { id: v.id("Lot"), amount: v.optional(v.int()), tags: v.array(v.literal("a")) },
      handler(_, args) {
        const id: string = args.id;
        const amount: number | null | undefined = args.amount;
        const tags: "a"[] = args.tags;
        return [id, amount, tags];
      },
    });
    mutation<{ title: string }, string>({ handler: (_, { title }) => title });
    mutation<{ title: string }, string>({ handler: async (_, { title }) => title });
    mutation({
      handler: (ctx, { at }: { at: number }) => (at ? ctx.db.list("Lot") : ctx.scheduler.cancel("j")),
    });
    action({ handler: async (_, args: { title: string }) => args.title });
    query({ args: {}, handler: (ctx) => ctx.db.query("Lot") });
    // @ts-expect-error a query cannot write
    query({ args: {}, handler: (ctx) => ctx.db.insert("Lot", {}) });
    // @ts-expect-error there is no such argument
    query({ args: { a: v.int() }, handler: (_, args) => args.b });
  });
});
