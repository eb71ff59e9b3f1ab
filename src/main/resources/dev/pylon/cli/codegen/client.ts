/** Codes that clients have always known; exhaustive switches rely on them. */
export type AgentDBErrorCode =
  | "AUTH_REQUIRED" | "UPGRADE_FAILED" | "INVALID_CODE" | "OAUTH_INVALID_STATE" | "OAUTH_TOKEN_EXCHANGE_FAILED"
  | "PROVIDER_NOT_FOUND" | "SESSION_EXPIRED" | "SESSION_NOT_FOUND" | "FORBIDDEN" | "POLICY_DENIED" | "UNAUTHORIZED"
  | "INVALID_JSON" | "INVALID_ARGS" | "INVALID_COLUMN" | "INVALID_QUERY" | "INVALID_DATA" | "INVALID_FILE_ID"
  | "MISSING_EMAIL" | "MISSING_USER_ID" | "MISSING_CODE" | "MISSING_FIELD" | "MISSING_ROOM" | "MISSING_TOPIC"
  | "MISSING_NAME" | "MISSING_OPERATIONS" | "PAYLOAD_TOO_LARGE" | "NOT_FOUND" | "ENTITY_NOT_FOUND"
  | "ACTION_NOT_FOUND" | "FN_NOT_FOUND" | "FILE_NOT_FOUND" | "SHARD_NOT_FOUND" | "RELATION_NOT_FOUND"
  | "QUERY_FAILED" | "INSERT_FAILED" | "UPDATE_FAILED" | "DELETE_FAILED" | "SCHEMA_INIT_FAILED" | "LOCK_FAILED"
  | "NESTED_TRANSACTION" | "EXPORT_FAILED" | "NOT_SUPPORTED" | "NOT_IMPLEMENTED" | "NOT_AVAILABLE" | "RATE_LIMITED"
  | "METHOD_NOT_ALLOWED" | "PROTOCOL_ERROR" | "RUNNER_EXITED" | "RUNNER_NOT_STARTED" | "IO_ERROR"
  | "AI_NOT_CONFIGURED" | "AI_REQUEST_FAILED" | "EMAIL_SEND_FAILED" | "WORKFLOW_START_FAILED"
  | "WORKFLOW_ADVANCE_FAILED" | "WORKFLOW_EVENT_FAILED" | "WORKFLOW_CANCEL_FAILED" | "INPUT_REJECTED"
  | "SUBSCRIBE_FAILED" | "SHARDS_NOT_AVAILABLE";

export interface AgentDBError {
  code: AgentDBErrorCode;
  message: string;
  hint?: string;
}

export interface RoomPeer {
  user_id: string;
  data: unknown;
  joined_at: string;
}

export interface RoomSnapshot {
  type: "snapshot";
  room: string;
  peers: RoomPeer[];
}

export interface RoomClient {
  join(room: string, data?: unknown): Promise<{ joined: string; snapshot: RoomSnapshot }>;
  leave(room: string): Promise<{ left: string; was_present: boolean }>;
  presence(room: string, data?: unknown): Promise<{ updated: boolean; reason?: string }>;
  broadcast(room: string, topic: string, data?: unknown): Promise<{ broadcasted: boolean; reason?: string }>;
  list(): Promise<{ name: string; members: number }[]>;
  members(room: string): Promise<{ room: string; members: RoomPeer[]; count: number }>;
}

export interface ActionResult<Input = unknown> {
  action: string;
  input: Input;
  executed: boolean;
}

type InputOf<M, N extends keyof M> = M[N] extends { input: infer Input } ? Input : never;
type OutputOf<M, N extends keyof M> = M[N] extends { output: infer Output } ? Output : never;

/** The arguments may be left out where none is required. */
type ArgsOf<N extends FunctionName> =
  {} extends InputOf<Functions, N> ? [args?: InputOf<Functions, N>] : [args: InputOf<Functions, N>];

export interface AgentDBClient {
  list<E extends EntityName>(entity: E): Promise<Entities[E][]>;
  get<E extends EntityName>(entity: E, id: string): Promise<Entities[E]>;
  insert<E extends EntityName>(entity: E, data: Omit<Entities[E], "id">): Promise<{ id: string }>;
  update<E extends EntityName>(entity: E, id: string, data: Partial<Omit<Entities[E], "id">>): Promise<{ updated: boolean }>;
  remove<E extends EntityName>(entity: E, id: string): Promise<{ deleted: boolean }>;
  action<Input = unknown>(name: ActionName, input?: Input): Promise<ActionResult<Input>>;
  actions: Actions;
  rooms: RoomClient;
  /** Calls a function. Rejects with an Error that also has the members of {@link AgentDBError}. */
  callFn<N extends FunctionName>(name: N, ...args: ArgsOf<N>): Promise<OutputOf<Functions, N>>;
}

export function createClient(baseUrl: string = "http://localhost:4321", token?: string): AgentDBClient {
  const base = baseUrl.replace(/\/+$/, "");

  async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = {};
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (token) headers["Authorization"] = `Bearer ${token}`;
    const init: RequestInit = { method, headers };
    if (body !== undefined) init.body = JSON.stringify(body);
    const response = await fetch(base + path, init);
    const text = await response.text();
    const answer: unknown = text ? JSON.parse(text) : null;
    if (response.ok) return answer as T;
    const { error } = (answer ?? {}) as { error?: AgentDBError };
    throw Object.assign(new Error(error?.message ?? `HTTP ${response.status}`), error);
  }

  const entity = (name: string, id?: string) =>
    `/api/entities/${encodeURIComponent(name)}` + (id === undefined ? "" : `/${encodeURIComponent(id)}`);
  const action = <Input>(name: string, input?: Input) =>
    send<ActionResult<Input>>("POST", `/api/actions/${encodeURIComponent(name)}`, input ?? {});
  const actions = Object.fromEntries(ACTIONS.map((name) => [name, (input?: unknown) => action(name, input)]));

  return {
    list: async <E extends EntityName>(name: E) => {
      const answer = await send<Entities[E][] | { data: Entities[E][] }>("GET", entity(name));
      return Array.isArray(answer) ? answer : answer.data;
    },
    get: (name, id) => send("GET", entity(name, id)),
    insert: (name, data) => send("POST", entity(name), data),
    update: (name, id, data) => send("PATCH", entity(name, id), data),
    remove: (name, id) => send("DELETE", entity(name, id)),
    action,
    actions: actions as unknown as Actions,
    rooms: {
      join: (room, data) => send("POST", "/api/rooms/join", { room, data }),
      leave: (room) => send("POST", "/api/rooms/leave", { room }),
      presence: (room, data) => send("POST", "/api/rooms/presence", { room, data }),
      broadcast: (room, topic, data) => send("POST", "/api/rooms/broadcast", { room, topic, data }),
      list: () => send("GET", "/api/rooms"),
      members: (room) => send("GET", `/api/rooms/${encodeURIComponent(room)}`),
    },
    callFn: (name, ...args) => send("POST", `/api/fn/${encodeURIComponent(name)}`, args[0] ?? {}),
  };
}

/** For code that runs on a server: the address is `PYLON_URL` where nothing else is said. */
export function createServerClient(baseUrl?: string, token?: string): AgentDBClient {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  return createClient(baseUrl ?? process?.env?.["PYLON_URL"], token);
}

/** Calls a function of the server at `PYLON_URL` or on this machine. */
export function callFn<N extends FunctionName>(name: N, ...args: ArgsOf<N>): Promise<OutputOf<Functions, N>> {
  return createServerClient().callFn(name, ...args);
}

/** All rows of an entity, fetched ahead of rendering. */
export function prefetch<E extends EntityName>(
  entity: E,
  client: AgentDBClient = createServerClient(),
): Promise<Entities[E][]> {
  return client.list(entity);
}

/** One row, fetched ahead of rendering. */
export function prefetchOne<E extends EntityName>(
  entity: E,
  id: string,
  client: AgentDBClient = createServerClient(),
): Promise<Entities[E]> {
  return client.get(entity, id);
}
