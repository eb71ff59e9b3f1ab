/** One call: its handler running, its ops outstanding, and its one end. */
import { AsyncLocalStorage } from "node:async_hooks";
import { contextOf } from "./context";
import { FunctionError, refusalOf } from "./errors";
import { NativePromise, OwnMap, OwnSet, OwnWeakMap, reject, resolve, stringify, then } from "./intrinsics";
import type { Fn } from "./loader";
import type { AheadFrame, CallFrame, DbOp, OpBody, ResultFrame, RuntimeFrame } from "./protocol";
import { aheadLine, isTooLong, opLine, returnLine } from "./protocol";

/** Where frames go. {@link Channel} in the process, a list in tests. */
export interface Outlet {
  append(line: string): void;
  write(line: string): void;
  isFull(): boolean;
  calm(): Promise<void>;
}

/** What an op is answered with: what the host sends, or the end of the call. */
type OpAnswer = Pick<ResultFrame, "data" | "error">;

/** Reads of a function that are asked with their stack at hand: the first ones, and those after a refusal. */
const STACKS = 64;

/** How many of these are left to each function. */
const stacks = new OwnWeakMap<Fn, number>();

const READS: ReadonlySet<DbOp> = new OwnSet<DbOp>([
  "get",
  "list",
  "lookup",
  "query",
  "query_graph",
  "paginate",
  "search",
]);

/** The call whose code is running, as far as asynchronous context can tell. */
export const currentCall = new AsyncLocalStorage<Call>();

/** Errors of ops by the call they failed in, so that one nobody awaits still finds its call. */
const owners = new OwnWeakMap<object, Call>();

/** The call an op failed in, by its error. */
export function ownerOf(error: object): Call | null {
  return owners.get(error) ?? null;
}

let ops = 0;

/** One run of a function. Once ended it is inert: whatever still holds its context is told so. */
export class Call {
  readonly #pending = new OwnMap<string, (answer: OpAnswer) => void>();
  readonly #outlet: Outlet;
  readonly #onEnd: (call: Call) => void;
  /** Why the call does nothing more; an error is made of it only where somebody asks. */
  #refusal: { code: string; message: string } | null = null;
  #abort: AbortController | null = null;
  /** What came with the call, until the handler has asked for something or waits for something. */
  #ahead: AheadFrame | undefined;

  constructor(
    readonly frame: CallFrame,
    readonly fn: Fn,
    outlet: Outlet,
    onEnd: (call: Call) => void,
  ) {
    this.#outlet = outlet;
    this.#onEnd = onEnd;
    this.#ahead = frame.ahead;
  }

  get id(): string {
    return this.frame.call_id;
  }

  /** Aborts when the call is cancelled. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    if (this.#refusal?.code === "CALL_CANCELLED") {
      this.#abort.abort(this.#refused());
    }
    return this.#abort.signal;
  }

  /** Asks the host for an op and waits for its result. The host keeps the deadline, and cancels. */
  ask(body: OpBody): Promise<unknown> {
    if (this.#refusal) {
      return reject.call(NativePromise, this.#refused());
    }
    const ahead = this.#ahead;
    if (ahead) {
      this.#ahead = undefined;
      if (
        body.type === "db" &&
        body.op === "get" &&
        body.entity === ahead.entity &&
        body.id === ahead.id
      ) {
        this.#outlet.append(aheadLine(this.id));
        return resolve.call(NativePromise, ahead.row);
      }
    }
    const opId = `${this.id}#${++ops}`;
    let line: string;
    try {
      line = bounded(opLine(this.id, opId, body), "INVALID_ARGS", "What was asked is");
    } catch (unwritable) {
      return reject.call(NativePromise, unwritable);
    }
    const origin = this.#wantsOrigin(body) ? new Error() : null;
    return this.#answered(opId, line, origin);
  }

  /**
   * Where an answer arrives user code is out of sight, and the engine finds back to whoever awaits it only
   * along `await`. So the stack is kept of where an op was asked. That costs more than the rest of asking:
   * a read has it kept while its function is new, or after one was refused, and no longer.
   */
  #wantsOrigin(body: OpBody): boolean {
    if (body.type !== "db" || !READS.has(body.op)) {
      return true;
    }
    const left = stacks.get(this.fn) ?? STACKS;
    if (left > 0) {
      stacks.set(this.fn, left - 1);
    }
    return left > 0;
  }

  async #answered(opId: string, line: string, origin: Error | null): Promise<unknown> {
    const { error, data } = await new NativePromise<OpAnswer>((resolve) => {
      this.#pending.set(opId, resolve);
      this.#outlet.write(line);
    });
    if (error) {
      stacks.set(this.fn, STACKS);
      throw this.#opError(error.code, error.message, origin);
    }
    return data;
  }

  /** The handler has run as far as it could at once: a row read before that is old to it now. */
  paused(): void {
    this.#ahead = undefined;
  }

  /** Sends text to the caller. The promise waits while the host is behind. */
  stream(data: string, event?: string): Promise<void> {
    if (this.#refusal) {
      throw this.#refused();
    }
    if (this.#outlet.isFull()) {
      throw new FunctionError("STREAM_OVERFLOW", "The reader is too slow: await ctx.stream.write()");
    }
    const named = event === undefined ? {} : { event };
    const line = stringify({ type: "stream", call_id: this.id, ...named, data } satisfies RuntimeFrame);
    this.#outlet.write(bounded(line, "STREAM_OVERFLOW", "The chunk is"));
    return this.#outlet.calm();
  }

  settle(frame: ResultFrame): void {
    const opId = frame.op_id;
    const resolve = opId === undefined ? undefined : this.#pending.get(opId);
    if (opId === undefined || resolve === undefined) {
      return;
    }
    this.#pending.delete(opId);
    resolve(frame);
  }

  succeed(value: unknown): void {
    if (this.#refusal) {
      return;
    }
    let line: string;
    try {
      line = bounded(returnLine(this.id, value), "RESULT_TOO_LARGE", "The returned value is");
    } catch (unwritable) {
      this.fail(unwritable);
      return;
    }
    this.#outlet.write(line);
    this.#end("CALL_ENDED", `The call of ${this.fn.name} has ended`);
  }

  fail(thrown: unknown): void {
    if (this.#refusal) {
      return;
    }
    const { code, message, detail } = refusalOf(thrown);
    const frame = { type: "error", call_id: this.id, code, message, detail } satisfies RuntimeFrame;
    this.#outlet.write(stringify(frame));
    this.#end("CALL_ENDED", `The call of ${this.fn.name} has ended`);
  }

  cancel(reason: string): void {
    this.#end("CALL_CANCELLED", `The call of ${this.fn.name} was cancelled: ${reason}`);
    // Listeners are the call's code, though it is the host's frame that runs them.
    currentCall.run(this, () => this.#abort?.abort(this.#refused()));
  }

  #end(code: string, message: string): void {
    this.#refusal = { code, message };
    this.#pending.forEach((resolve) => resolve({ error: { code, message } }));
    this.#pending.clear();
    this.#onEnd(this);
  }

  #refused(): FunctionError {
    const { code, message } = this.#refusal as { code: string; message: string };
    return new FunctionError(code, message);
  }

  #opError(code: string, message: string, origin: Error | null): FunctionError {
    const error = new FunctionError(code, message);
    if (origin) {
      const frames = origin.stack ?? "";
      error.stack = `${error.name}: ${message}\n${frames.slice(frames.indexOf("\n") + 1)}`;
    }
    owners.set(error, this);
    return error;
  }
}

/** Runs the handler. One that answers at once ends its call at once. */
export function start(call: Call): void {
  currentCall.run(call, run, call);
}

function run(call: Call): void {
  try {
    const answer = call.fn.definition.handler(contextOf(call) as never, call.frame.args as never);
    call.paused();
    if (isThenable(answer)) {
      // As `await` would: what it comes to may be another one.
      then.call(
        resolve.call(NativePromise, answer),
        (value) => call.succeed(value),
        (thrown) => call.fail(thrown),
      );
    } else {
      call.succeed(answer);
    }
  } catch (thrown) {
    call.fail(thrown);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    typeof (value as { then?: unknown }).then === "function"
  );
}

/** A line the host can read, or a refusal that says what is too long for it. */
function bounded(line: string, code: string, what: string): string {
  if (isTooLong(line)) {
    throw new FunctionError(code, `${what} longer than a frame may be, with ${line.length} characters`);
  }
  return line;
}
