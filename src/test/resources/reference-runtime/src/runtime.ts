/**
 * Stands in for the unmodified reference runtime: the frames, orders and limits of the functions
 * contract, sections 2 to 4 and 14, and none of the extensions of our own runtime.
 *
 * Its weaknesses are part of it. It does not await its writes, so a frame of 256 KiB or more that
 * overlaps another one arrives broken. Its fence stops five console methods and nothing else. An
 * error nobody awaits ends the process. It knows neither cancel nor ping.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { FnDefinition } from "./index";
import { validateArgs } from "./validate";

/** After this the runtime itself gives up on an answer of the host. */
const RPC_TIMEOUT_MS = 60_000;

type Frame = Record<string, any>;

const functions = new Map<string, FnDefinition>();
const waiting = new Map<string, { resolve(data: unknown): void; reject(error: Error): void }>();
let ops = 0;
let running = 0;

function send(frame: Frame): void {
  void Bun.write(Bun.stdout, `${JSON.stringify(frame)}\n`);
}

function text(value: unknown): string {
  if (typeof value === "string") {
    return value;
  }
  if (value instanceof Error) {
    const { code, cause } = value as Error & { code?: unknown };
    return `${value.stack ?? value.message}${code ? ` code=${code}` : ""}${cause ? ` cause=${text(cause)}` : ""}`;
  }
  return JSON.stringify(value);
}

for (const [method, prefix] of [
  ["log", ""],
  ["info", ""],
  ["warn", "[warn] "],
  ["error", "[error] "],
  ["debug", "[debug] "],
] as const) {
  console[method] = (...values: unknown[]) => {
    process.stderr.write(`${prefix}${values.map(text).join(" ")}\n`);
  };
}

// ---- questions to the host ----

function ask(key: string, frame: Frame): Promise<any> {
  if (waiting.has(key)) {
    throw new Error(`Internal: concurrent RPC attempted on same call_id (${key})`);
  }
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      waiting.delete(key);
      reject(new Error(`RPC timed out after ${RPC_TIMEOUT_MS} ms`));
    }, RPC_TIMEOUT_MS);
    const settled = () => {
      clearTimeout(timer);
      waiting.delete(key);
    };
    waiting.set(key, {
      resolve: (data) => (settled(), resolve(data)),
      reject: (error) => (settled(), reject(error)),
    });
    send(frame);
  });
}

function askDb(callId: string, frame: Frame): Promise<any> {
  const opId = `${callId}#${++ops}`;
  return ask(opId, { type: "db", ...frame, call_id: callId, op_id: opId });
}

/** Everything but rows carries no id of its own, so a call may have one of these outstanding. */
async function askRest(callId: string, frame: Frame): Promise<any> {
  return ask(callId, { ...frame, call_id: callId });
}

function settle({ call_id, op_id, data, error }: Frame): void {
  const waiter = waiting.get(op_id ?? call_id);
  if (error) {
    waiter?.reject(Object.assign(new Error(error.message), { code: error.code }));
  } else {
    waiter?.resolve(data);
  }
}

// ---- contexts ----

const coded = (code: string, message: string) => Object.assign(new Error(message), { code });

function reader(callId: string) {
  return {
    get: (entity: string, id: string) => askDb(callId, { op: "get", entity, id }),
    list: (entity: string) => askDb(callId, { op: "list", entity }),
    lookup: (entity: string, field: string, value: string) =>
      askDb(callId, { op: "lookup", entity, field, value }),
    query: (entity: string, filter?: unknown) => askDb(callId, { op: "query", entity, data: filter }),
    queryGraph: (graph: unknown) => askDb(callId, { op: "query_graph", entity: "", data: graph }),
    paginate: (entity: string, { cursor, numItems }: { cursor: string | null; numItems: number }) =>
      askDb(callId, {
        op: "paginate",
        entity,
        after: cursor ?? undefined,
        limit: Math.min(1_000, Math.max(1, numItems | 0)),
      }),
    search: (entity: string, spec: unknown) => askDb(callId, { op: "search", entity, data: spec }),
  };
}

function writer(callId: string) {
  return {
    insert: async (entity: string, data: unknown) =>
      (await askDb(callId, { op: "insert", entity, data })).id,
    update: async (entity: string, id: string, data: unknown) =>
      (await askDb(callId, { op: "update", entity, id, data })).updated,
    delete: async (entity: string, id: string) =>
      (await askDb(callId, { op: "delete", entity, id })).deleted,
    link: async (entity: string, id: string, relation: string, targetId: string) =>
      (await askDb(callId, { op: "link", entity, id, relation, target_id: targetId })).linked,
    unlink: async (entity: string, id: string, relation: string) =>
      (await askDb(callId, { op: "unlink", entity, id, relation })).unlinked,
  };
}

const streamOf = (callId: string) => ({
  write: (data: string) => send({ type: "stream", call_id: callId, data }),
  writeEvent: (event: string, data: string) => send({ type: "stream", call_id: callId, data, event }),
});

const schedulerOf = (callId: string) => ({
  runAfter: async (delay: number, name: string, args: unknown) =>
    (await askRest(callId, { type: "schedule", fn_name: name, args, delay_ms: delay })).id,
  runAt: async (at: number, name: string, args: unknown) =>
    (await askRest(callId, { type: "schedule", fn_name: name, args, run_at: at })).id,
  cancel: async (id: string) => {
    await askRest(callId, { type: "cancel_schedule", schedule_id: id });
  },
});

function contextOf(type: string, frame: Frame): object {
  const { call_id: callId, auth, request } = frame;
  const shared = {
    auth: {
      userId: auth.userId ?? auth.user_id ?? null,
      isAdmin: Boolean(auth.isAdmin ?? auth.is_admin),
      tenantId: auth.tenantId ?? auth.tenant_id ?? null,
    },
    env: process.env,
  };
  switch (type) {
    case "query":
      return { ...shared, db: reader(callId) };
    case "mutation":
      return {
        ...shared,
        db: { ...reader(callId), ...writer(callId) },
        stream: streamOf(callId),
        scheduler: schedulerOf(callId),
        error: coded,
      };
    default:
      return {
        ...shared,
        stream: streamOf(callId),
        scheduler: schedulerOf(callId),
        error: coded,
        runQuery: (name: string, args: unknown) =>
          askRest(callId, { type: "run_fn", fn_name: name, fn_type: "query", args }),
        runMutation: (name: string, args: unknown) =>
          askRest(callId, { type: "run_fn", fn_name: name, fn_type: "mutation", args }),
        request: request && {
          method: request.method,
          path: request.path,
          headers: request.headers,
          rawBody: request.raw_body,
        },
      };
  }
}

// ---- calls ----

async function call(frame: Frame): Promise<void> {
  const { call_id, fn_name, fn_type, args } = frame;
  const fail = (code: string, message: string) => send({ type: "error", call_id, code, message });
  const definition = functions.get(fn_name);
  if (!definition) {
    return fail("FN_NOT_FOUND", `Function "${fn_name}" not registered`);
  }
  if (fn_type && fn_type !== definition.type) {
    return fail(
      "FN_TYPE_MISMATCH",
      `Function "${fn_name}" is registered as ${definition.type}, not ${fn_type}`,
    );
  }
  if (definition.args) {
    const faults = validateArgs(args, definition.args);
    if (faults.length > 0) {
      return fail("INVALID_ARGS", faults.join("; "));
    }
  }
  const ctx = contextOf(definition.type, frame);
  try {
    const value = await definition.handler(ctx, args);
    send({ type: "return", call_id, value: value ?? null });
  } catch (thrown: any) {
    const code = thrown?.code;
    if (typeof code === "string" && code !== "") {
      const message = thrown.message;
      fail(code, typeof message === "string" && message !== "" ? message : "Handler error");
    } else {
      console.error(`[functions] ${fn_name} failed:`, thrown);
      fail("HANDLER_ERROR", "Internal handler error");
    }
  }
}

function dispatch(line: string): void {
  if (line.trim() === "") {
    return;
  }
  let frame: Frame;
  try {
    frame = JSON.parse(line);
  } catch {
    console.error("[functions] unreadable line from the host");
    return;
  }
  if (frame.type === "result") {
    settle(frame);
  } else if (frame.type === "call") {
    running++;
    void call(frame)
      .catch((crash) =>
        send({ type: "error", call_id: frame.call_id, code: "HANDLER_CRASH", message: String(crash?.message) }),
      )
      .finally(() => running--);
  }
}

async function load(directory: string): Promise<void> {
  const root = join(process.cwd(), directory);
  let files: string[];
  try {
    files = readdirSync(root).filter((file) => /\.[tj]s$/.test(file));
  } catch {
    send({ type: "ready", functions: [], error: `Cannot read functions directory: ${directory}` });
    return;
  }
  for (const file of files) {
    try {
      const { default: definition } = await import(join(root, file));
      if (definition?.type && definition.handler) {
        functions.set(file.slice(0, -3), definition);
      }
    } catch (failure) {
      console.error(`[functions] Failed to load ${file}:`, failure);
    }
  }
  send({
    type: "ready",
    functions: [...functions].map(([name, { type, args }]) => ({
      name,
      fn_type: type,
      args_schema: args ?? null,
    })),
  });
}

async function main(): Promise<void> {
  await load(process.argv[2] ?? "functions");
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of Bun.stdin.stream()) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(dispatch);
  }
  dispatch(rest);
  for (const waiter of waiting.values()) {
    waiter.reject(new Error("The host closed standard input"));
  }
  while (running > 0) {
    await Bun.sleep(10);
  }
  process.exit(0);
}

// Not awaited: while a module awaits at its top, Bun reports errors nobody awaits and goes on.
void main();
