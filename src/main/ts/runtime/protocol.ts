/**
 * The lines between host and runtime: one JSON object each, ended by `\n`.
 *
 * The host sends calls and the results of ops; the runtime sends ops and how each call ended. Unknown
 * fields are ignored on both sides, and so are unknown frames, so either may be newer. In what we write
 * `type` comes first, then `call_id`, then `op_id`, and whatever may be long comes last: the host reads
 * the head of a line without parsing the rest.
 */
import type { ArgsSpec } from "../functions/validators";
import { OwnSet, parse as parseJson, stringify } from "./intrinsics";

export type FnType = "query" | "mutation" | "action";

/** The identity of a caller. Members are left out where there is nothing to say. */
export interface AuthFrame {
  user_id?: string | null;
  is_admin?: boolean;
  tenant_id?: string | null;
  roles?: string[];
  is_guest?: boolean;
  is_system?: boolean;
  email?: string | null;
  is_trusted_device?: boolean;
  userId?: string | null;
  isAdmin?: boolean;
  tenantId?: string | null;
}

export interface RequestFrame {
  method: string;
  path: string;
  headers: Record<string, string>;
  raw_body: string;
  /** Only where the bytes are no text. */
  raw_body_base64?: string;
}

export interface AheadFrame {
  entity: string;
  id: string;
  row: unknown;
}

export interface CallFrame {
  type: "call";
  call_id: string;
  fn_name: string;
  fn_type?: string;
  args?: unknown;
  auth: AuthFrame;
  request?: RequestFrame;
  /** The row that the handler is expected to ask for first, so that it need not be fetched. */
  ahead?: AheadFrame;
  /** What is left of the call's deadline. */
  timeout_ms?: number;
}

export interface ResultFrame {
  type: "result";
  call_id: string;
  /** Always echoed to us, for every op of ours carries one. */
  op_id?: string;
  data?: unknown;
  error?: { code: string; message: string };
}

export type CancelReason = "timeout" | "disconnect" | "shutdown" | "moved";

export interface CancelFrame {
  type: "cancel";
  call_id: string;
  reason: CancelReason;
}

export interface PingFrame {
  type: "ping";
  id: number;
}

/** Tells a standby to import the functions, with these changes to its environment; `null` unsets. */
export interface LoadFrame {
  type: "load";
  env?: Record<string, string | null>;
}

export type HostFrame = CallFrame | ResultFrame | CancelFrame | PingFrame | LoadFrame;

export interface FnEntry {
  name: string;
  fn_type: FnType;
  args_schema: ArgsSpec | null;
  internal?: true;
  timeout_ms?: number;
  description?: string;
}

/** A file of the functions directory that could not be loaded. */
export interface FailedEntry {
  name: string;
  file: string;
  line?: number;
  column?: number;
  message: string;
}

/** Where something was thrown, for those who may see it: the host decides who that is. */
export interface ErrorDetail {
  name: string;
  message: string;
  stack?: string;
  file?: string;
  line?: number;
  column?: number;
  excerpt?: string[];
}

export type LogLevel = "debug" | "info" | "warn" | "error";

export type DbOp =
  | "get"
  | "list"
  | "paginate"
  | "insert"
  | "insert_many"
  | "update"
  | "delete"
  | "lookup"
  | "query"
  | "query_graph"
  | "link"
  | "unlink"
  | "search";

/** What a handler asks of the host, before it is addressed. The host answers each with a result. */
export type OpBody =
  | {
      type: "db";
      op: DbOp;
      entity: unknown;
      id?: unknown;
      field?: unknown;
      relation?: unknown;
      target_id?: unknown;
      after?: unknown;
      limit?: number;
      value?: unknown;
      data?: unknown;
    }
  | { type: "schedule"; fn_name: string; delay_ms?: number; run_at?: number; args: unknown }
  | { type: "cancel_schedule"; schedule_id: string }
  | { type: "run_fn"; fn_name: string; fn_type: FnType; args: unknown };

export type RuntimeFrame =
  | { type: "standby"; bun: string; pid: number }
  | {
      type: "ready";
      functions: FnEntry[];
      failed: FailedEntry[];
      capabilities: readonly string[];
      runtime: string;
      bun: string;
      files: string[];
      error?: string;
    }
  | { type: "pong"; id: number }
  | { type: "log"; call_id?: string; level: LogLevel; text: string }
  | { type: "stream"; call_id: string; event?: string; data: string }
  | { type: "error"; call_id: string; code: string; message: string; detail?: ErrorDetail };

/** What this runtime can do beyond the first version of the protocol. */
export const CAPABILITIES = ["multiplex", "op_id", "cancel", "log", "ping", "detail", "ahead"] as const;

const HOST_FRAMES: ReadonlySet<unknown> = new OwnSet<HostFrame["type"]>([
  "call",
  "result",
  "cancel",
  "ping",
  "load",
]);

/** Reads a line of the host; `null` where it is no frame of ours, which is no reason to stop. */
export function parse(line: string): HostFrame | null {
  try {
    const frame = parseJson(line) as { type?: unknown } | null;
    return frame !== null && HOST_FRAMES.has(frame.type) ? (frame as HostFrame) : null;
  } catch {
    return null;
  }
}

/** Longest line we write: the host takes no longer text in one. */
const LINE_CHARS_MAX = 64 * 1024 * 1024;

/** Whether the host would not read a line. */
export function isTooLong(line: string): boolean {
  return line.length > LINE_CHARS_MAX;
}

/** Writes an op, addressed. */
export function opLine(callId: string, opId: string, body: OpBody): string {
  const { type, ...rest } = body;
  return stringify({ type, call_id: callId, op_id: opId, ...rest });
}

/** Writes that a handler has asked for what came with its call. */
export function aheadLine(callId: string): string {
  return `{"type":"ahead","call_id":${stringify(callId)}}`;
}

/** Writes the end of a call that went well. What JSON cannot say, such as a function, is `null`. */
export function returnLine(callId: string, value: unknown): string {
  return `{"type":"return","call_id":${stringify(callId)},"value":${stringify(value) ?? "null"}}`;
}
