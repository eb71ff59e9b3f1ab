import { mutation } from "@pylonsync/functions";

type Op = (...params: unknown[]) => Promise<unknown>;

/** Runs one op of `ctx.db` with these parameters. */
export default mutation({
  handler: (ctx, { op, params = [] }: { op: keyof typeof ctx.db; params?: unknown[] }) =>
    (ctx.db[op] as Op)(...params),
});
