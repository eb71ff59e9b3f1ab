/** What function code sees: the context of each kind of function and the parts it is made of. */

/** A row as the store gives it: every column of the entity, `null` where unset. */
export type Row = { readonly id: string; readonly [column: string]: unknown };

/** The arguments of a function that declares no validators. */
export type AnyArgs = Record<string, unknown>;

/** Who is calling. Absent values are `null`, never `undefined`. */
export interface AuthInfo {
  readonly userId: string | null;
  readonly isAdmin: boolean;
  readonly tenantId: string | null;
  readonly roles: readonly string[];
  hasRole(role: string): boolean;
  /** True for a guest session: there is a user id, but nobody has signed in. */
  readonly isGuest: boolean;
  /** True where the server itself calls: a scheduled job has no user, yet is no stranger. */
  readonly isSystem: boolean;
  readonly email: string | null;
  readonly isTrustedDevice: boolean;
}

/** Equality by field, operators such as `{ $gt: 5 }`, and `$order`, `$limit`, `$offset`, `$search`. */
export type Filter = Record<string, unknown>;

export interface Page<T = Row> {
  page: T[];
  /** Hand it back as `cursor` for the next page; `null` on the last one. */
  nextCursor: string | null;
  isDone: boolean;
}

export interface SearchSpec {
  /** Words that a row must have; the last one may be a beginning. All rows when blank. */
  query?: string;
  /** By facet: a value, an array of values, or a range such as `{ $gte: 10 }`. */
  filters?: Record<string, unknown>;
  /** Facets to count; all declared ones when empty. */
  facets?: string[];
  sort?: [field: string, direction: "asc" | "desc"];
  /** Counted from 0. */
  page?: number;
  /** 1 to 100, 20 when absent. */
  pageSize?: number;
}

export interface SearchResult<T = Row> {
  hits: T[];
  facetCounts: Record<string, Record<string, number>>;
  total: number;
  tookMs: number;
  /** Whether rows that are older than the search index have yet to be put into it. */
  partial?: true;
}

/** Reads. Each answers from the call's own transaction, where it has one. */
export interface DbReader {
  get<T = Row>(entity: string, id: string): Promise<T | null>;
  list<T = Row>(entity: string): Promise<T[]>;
  lookup<T = Row>(entity: string, field: string, value: string | number | boolean): Promise<T | null>;
  query<T = Row>(entity: string, filter?: Filter): Promise<T[]>;
  queryGraph<T = Record<string, Row[]>>(graph: Record<string, unknown>): Promise<T>;
  /** Rows by id, `numItems` (1 to 1,000) at a time. */
  paginate<T = Row>(entity: string, options: { cursor: string | null; numItems: number }): Promise<Page<T>>;
  search<T = Row>(entity: string, spec: SearchSpec): Promise<SearchResult<T>>;
}

/** Reads and writes. The booleans say whether there was something to change. */
export interface DbWriter extends DbReader {
  /** Answers the id of the new row. */
  insert(entity: string, data: object): Promise<string>;
  /** Inserts many rows in one round trip and answers their ids in the same order. */
  insertMany(entity: string, data: readonly object[]): Promise<string[]>;
  update(entity: string, id: string, patch: object): Promise<boolean>;
  delete(entity: string, id: string): Promise<boolean>;
  link(entity: string, id: string, relation: string, targetId: string): Promise<boolean>;
  unlink(entity: string, id: string, relation: string): Promise<boolean>;
}

/**
 * Sends text to the caller while the function runs.
 *
 * Awaiting is optional; who writes a lot should, for the promise waits until the reader has caught up.
 */
export interface Stream {
  write(text: unknown): Promise<void>;
  writeEvent(event: string, text: unknown): Promise<void>;
}

/** Runs functions later. Inside a mutation a schedule counts only once the mutation has committed. */
export interface Scheduler {
  /** @returns the id of the job, for {@link Scheduler.cancel} */
  runAfter(delayMs: number, fn: string, args?: object): Promise<string>;
  runAt(at: number | Date | string, fn: string, args?: object): Promise<string>;
  cancel(id: string): Promise<void>;
}

/** Lines for the log of this call, beside `console`. */
export interface Log {
  debug(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
}

/** The request of a webhook. A signature that covers more than text is checked against `rawBytes`. */
export interface WebhookRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly rawBody: string;
  /** The body byte for byte. */
  readonly rawBytes: Uint8Array;
}

/**
 * What an action returns that says the whole answer of a webhook: text as it is, other bodies as JSON.
 * Elsewhere it is a value like any other.
 */
export interface WebhookAnswer {
  readonly __http: {
    /** 200 to 599; 200 when absent. */
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
}

interface Ctx {
  readonly auth: AuthInfo;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** Aborts when the call is cancelled: its deadline passed, or the caller left. */
  readonly signal: AbortSignal;
  /** An error whose code and message the caller sees. Throw it. */
  error(code: string, message?: string): Error & { readonly code: string };
}

interface SchedulingCtx {
  readonly stream: Stream;
  readonly scheduler: Scheduler;
  /** The same as `scheduler.runAfter`. */
  schedule(delayMs: number, fn: string, args?: object): Promise<string>;
}

/** Of a query, which reads. */
export interface QueryCtx extends Ctx {
  readonly db: DbReader;
}

/** Of a mutation: everything it does with `db` happens in one transaction, or not at all. */
export interface MutationCtx extends Ctx, SchedulingCtx {
  readonly db: DbWriter;
}

/** Of an action, which may talk to the world: every op of `db` stands for itself. */
export interface ActionCtx extends Ctx, SchedulingCtx {
  readonly db: DbWriter;
  readonly request: WebhookRequest | undefined;
  runQuery<R = unknown>(fn: string, args?: object): Promise<R>;
  runMutation<R = unknown>(fn: string, args?: object): Promise<R>;
  runAction<R = unknown>(fn: string, args?: object): Promise<R>;
}

export interface CtxOf {
  query: QueryCtx;
  mutation: MutationCtx;
  action: ActionCtx;
}

export type FnType = keyof CtxOf;
