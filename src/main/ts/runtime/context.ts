/** `ctx`: what a handler can do, made for one call by the kind of its function. */
import type {
  ActionCtx,
  AuthInfo,
  CtxOf,
  DbReader,
  DbWriter,
  FnType,
  Log,
  MutationCtx,
  QueryCtx,
  Scheduler,
  Stream,
  WebhookRequest,
} from "../functions/types";
import { FunctionError } from "./errors";
import { stringify, then } from "./intrinsics";
import type { AuthFrame, CallFrame, DbOp, OpBody, RequestFrame } from "./protocol";
import { runAfter, schedulerOf } from "./scheduling";

/** What a context needs of its call. */
export interface Asker {
  readonly frame: CallFrame;
  readonly fn: { readonly type: FnType };
  readonly signal: AbortSignal;
  ask(body: OpBody): Promise<unknown>;
  stream(data: string, event?: string): Promise<void>;
}

const PAGE_ROWS_MAX = 1_000;

/** The log a handler writes to is the console, which the fence attributes to the call. */
const log: Log = {
  debug: (...values) => console.debug(...values),
  info: (...values) => console.info(...values),
  warn: (...values) => console.warn(...values),
  error: (...values) => console.error(...values),
};

/** Makes the context. Its parts are made when first touched, for most handlers touch few. */
export function contextOf(call: Asker): CtxOf[FnType] {
  switch (call.fn.type) {
    case "query":
      return queryCtx(call);
    case "mutation":
      return mutationCtx(call);
    case "action":
      return actionCtx(call);
    default:
      return call.fn.type satisfies never;
  }
}

function queryCtx(call: Asker): QueryCtx {
  let db: DbReader | undefined;
  return {
    auth: authOf(call.frame.auth),
    env: process.env,
    log,
    error: authorError,
    get signal() {
      return call.signal;
    },
    get db() {
      return (db ??= readerOf(call));
    },
  };
}

function mutationCtx(call: Asker): MutationCtx {
  let db: DbWriter | undefined;
  let stream: Stream | undefined;
  let scheduler: Scheduler | undefined;
  return {
    auth: authOf(call.frame.auth),
    env: process.env,
    log,
    error: authorError,
    get signal() {
      return call.signal;
    },
    get db() {
      return (db ??= writerOf(call));
    },
    get stream() {
      return (stream ??= streamOf(call));
    },
    get scheduler() {
      return (scheduler ??= schedulerOf(call));
    },
    schedule: (delayMs, fn, args) => runAfter(call, delayMs, fn, args),
  };
}

function actionCtx(call: Asker): ActionCtx {
  const runner = (fnType: FnType) => (fn: string, args?: object) =>
    call.ask({ type: "run_fn", fn_name: fn, fn_type: fnType, args: args ?? {} }) as Promise<never>;
  const ctx = mutationCtx(call);
  return Object.defineProperties({} as ActionCtx, {
    ...Object.getOwnPropertyDescriptors(ctx),
    ...Object.getOwnPropertyDescriptors({
      request: requestOf(call.frame),
      runQuery: runner("query"),
      runMutation: runner("mutation"),
      runAction: runner("action"),
    }),
  });
}

/** Accepts both spellings; what is absent is `null`. */
function authOf(auth: AuthFrame): AuthInfo {
  const roles = auth.roles ?? [];
  return {
    userId: auth.userId ?? auth.user_id ?? null,
    isAdmin: Boolean(auth.isAdmin ?? auth.is_admin),
    tenantId: auth.tenantId ?? auth.tenant_id ?? null,
    roles,
    hasRole: (role) => roles.includes(role),
    isGuest: auth.is_guest === true,
    isSystem: auth.is_system === true,
    email: auth.email ?? null,
    isTrustedDevice: auth.is_trusted_device === true,
  };
}

function requestOf({ request }: CallFrame): WebhookRequest | undefined {
  if (request === undefined) {
    return undefined;
  }
  const { method, path, headers, raw_body: rawBody } = request;
  // Not among the members that are listed: who logs or returns a request means its text.
  return Object.defineProperty({ method, path, headers, rawBody } as WebhookRequest, "rawBytes", {
    get: () => bytesOf(request),
  });
}

function bytesOf({ raw_body, raw_body_base64 }: RequestFrame): Uint8Array {
  return raw_body_base64 === undefined ? Buffer.from(raw_body) : Buffer.from(raw_body_base64, "base64");
}

function authorError(code: string, message = ""): FunctionError {
  return new FunctionError(code, message);
}

/** Sends a database op and takes its answer, or one member of it, for the author. */
function db<R>(call: Asker, op: DbOp, entity: unknown, rest: object, member?: string): Promise<R> {
  const answer = call.ask({ type: "db", op, entity, ...rest });
  return (
    member === undefined
      ? answer
      : then.call(answer, (data) => (data as Record<string, unknown> | null)?.[member])
  ) as Promise<R>;
}

function readerOf(call: Asker): DbReader {
  return {
    get: (entity, id) => db(call, "get", entity, { id }),
    list: (entity) => db(call, "list", entity, {}),
    lookup: (entity, field, value) => db(call, "lookup", entity, { field, value }),
    query: (entity, filter) => db(call, "query", entity, { data: filter }),
    queryGraph: (graph) => db(call, "query_graph", "", { data: graph }),
    search: (entity, spec) => db(call, "search", entity, { data: spec }),
    paginate: (entity, options) =>
      db(call, "paginate", entity, {
        after: options?.cursor ?? undefined,
        limit: Math.min(Math.max(Number(options?.numItems) | 0, 1), PAGE_ROWS_MAX),
      }),
  };
}

function writerOf(call: Asker): DbWriter {
  return {
    ...readerOf(call),
    insert: (entity, data) => db(call, "insert", entity, { data }, "id"),
    insertMany: (entity, data) => db(call, "insert_many", entity, { data }, "ids"),
    update: (entity, id, data) => db(call, "update", entity, { id, data }, "updated"),
    delete: (entity, id) => db(call, "delete", entity, { id }, "deleted"),
    link: (entity, id, relation, target_id) =>
      db(call, "link", entity, { id, relation, target_id }, "linked"),
    unlink: (entity, id, relation) => db(call, "unlink", entity, { id, relation }, "unlinked"),
  };
}

const NOTHING = Promise.resolve();

function streamOf(call: Asker): Stream {
  const send = (text: unknown, event?: string) =>
    text === undefined ? NOTHING : call.stream(lineOf(text), event);
  return {
    write: (text) => send(text),
    writeEvent: (event, text) => send(text, String(event)),
  };
}

function lineOf(text: unknown): string {
  return typeof text === "object" ? (stringify(text) ?? "null") : String(text);
}
