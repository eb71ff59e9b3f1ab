/** The calls in flight, and who may start one. */
import { validate } from "../functions/validators";
import { Call, currentCall, type Outlet, ownerOf, start } from "./call";
import { join, OwnMap, stringify } from "./intrinsics";
import type { Fn } from "./loader";
import type { CallFrame, CancelFrame, ResultFrame, RuntimeFrame } from "./protocol";

/** Every call that has not ended, by its id; the host bounds how many it starts. */
export class Calls {
  readonly #open = new OwnMap<string, Call>();
  readonly #outlet: Outlet;
  #functions: ReadonlyMap<string, Fn> = new OwnMap();

  constructor(outlet: Outlet) {
    this.#outlet = outlet;
  }

  /** Makes these the functions that can be called. */
  register(functions: ReadonlyMap<string, Fn>): void {
    this.#functions = new OwnMap(functions);
  }

  /** Starts a call, or refuses it. What is wrong with a call is no concern of the others. */
  start(frame: CallFrame): void {
    try {
      this.#start(frame);
    } catch (crash) {
      this.#refuse(frame.call_id, "HANDLER_CRASH", crash instanceof Error ? crash.message : String(crash));
    }
  }

  #start(frame: CallFrame): void {
    const { call_id, fn_name, fn_type } = frame;
    const fn = this.#functions.get(fn_name);
    if (!fn) {
      return this.#refuse(call_id, "FN_NOT_FOUND", `Function "${fn_name}" not registered`);
    }
    if (fn_type !== undefined && fn_type !== fn.type) {
      const message = `Function "${fn_name}" is registered as ${fn.type}, not ${fn_type}`;
      return this.#refuse(call_id, "FN_TYPE_MISMATCH", message);
    }
    if (typeof frame.auth !== "object" || frame.auth === null) {
      throw new TypeError("The call has no auth");
    }
    const faults = fn.args ? validate(frame.args, fn.args) : [];
    if (faults.length > 0) {
      return this.#refuse(call_id, "INVALID_ARGS", join.call(faults, "; "));
    }
    const call = new Call(frame, fn, this.#outlet, this.#forget);
    this.#open.set(call_id, call);
    start(call);
  }

  settle(frame: ResultFrame): void {
    this.#open.get(frame.call_id)?.settle(frame);
  }

  cancel(frame: CancelFrame): void {
    this.#open.get(frame.call_id)?.cancel(frame.reason);
  }

  /** The call a stray error belongs to, as well as can be told. */
  ownerOf(thrown: unknown): Call | null {
    const running = currentCall.getStore() ?? null;
    if (running || typeof thrown !== "object" || thrown === null) {
      return running;
    }
    return ownerOf(thrown) ?? this.#onlyCallIn(String((thrown as { stack?: unknown }).stack));
  }

  /** The engine reports an unhandled rejection without its context: the stack names the file at least. */
  #onlyCallIn(stack: string): Call | null {
    const candidates = [...this.#open.values()].filter((call) => stack.includes(call.fn.file));
    return candidates.length === 1 ? (candidates[0] ?? null) : null;
  }

  readonly #forget = (call: Call): void => {
    this.#open.delete(call.id);
  };

  #refuse(call_id: string, code: string, message: string): void {
    this.#outlet.write(stringify({ type: "error", call_id, code, message } satisfies RuntimeFrame));
  }
}
