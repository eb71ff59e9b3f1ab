/** The parts of a runtime in memory: frames in, frames out, no process. */
import type { FnDefinition } from "../../../main/ts/functions/define";
import { type Asker, contextOf } from "../../../main/ts/runtime/context";
import type { Outlet } from "../../../main/ts/runtime/call";
import { Calls } from "../../../main/ts/runtime/calls";
import type { Fn } from "../../../main/ts/runtime/loader";
import type { CallFrame, FnType, OpBody } from "../../../main/ts/runtime/protocol";

export type Frame = Record<string, unknown>;

/** Keeps what is written, as frames. */
export class MemoryOutlet implements Outlet {
  readonly frames: Frame[] = [];
  full = false;

  append(line: string): void {
    this.write(line);
  }

  write(line: string): void {
    this.frames.push(JSON.parse(line) as Frame);
  }

  isFull(): boolean {
    return this.full;
  }

  calm(): Promise<void> {
    return Promise.resolve();
  }
}

type Handler = (ctx: never, args: never) => unknown;

/** A runtime that knows one function, `f`. */
export function runtimeOf(handler: Handler, fn: Partial<Fn> = {}): { calls: Calls; out: MemoryOutlet } {
  const out = new MemoryOutlet();
  const calls = new Calls(out);
  const type = fn.type ?? "mutation";
  const definition = { type, args: undefined, handler } as FnDefinition;
  calls.register(
    new Map([["f", { name: "f", type, file: import.meta.path, args: null, definition, ...fn }]]),
  );
  return { calls, out };
}

export function callOf(members: Partial<CallFrame> = {}): CallFrame {
  return { type: "call", call_id: "c_1", fn_name: "f", args: {}, auth: { is_admin: false }, ...members };
}

/** A context whose ops are kept, and answered with `answer`. */
export function contextFor<C>(
  type: FnType,
  answer: unknown = null,
  frame: Partial<CallFrame> = {},
): { ctx: C; asked: OpBody[]; streamed: [string, string | undefined][] } {
  const asked: OpBody[] = [];
  const streamed: [string, string | undefined][] = [];
  const asker: Asker = {
    frame: callOf(frame),
    fn: { type },
    signal: new AbortController().signal,
    ask: (body) => {
      asked.push(JSON.parse(JSON.stringify(body)) as OpBody);
      return Promise.resolve(answer);
    },
    stream: (data, event) => {
      streamed.push([data, event]);
      return Promise.resolve();
    },
  };
  return { ctx: contextOf(asker) as C, asked, streamed };
}

/** Lets everything happen that only waits for its turn. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
