/** Errors nobody awaited: they end the call they came from, never the process. */
import type { Call } from "./call";
import { refusalOf } from "./errors";

export interface Strays {
  ownerOf(thrown: unknown): Call | null;
  /** Tells the log, whether or not an owner was found. */
  report(owner: Call | null, text: string): void;
}

/** Catches what reaches the top of the event loop. */
export function catchStrays(strays: Strays): void {
  const take = (kind: string) => (thrown: unknown) => {
    try {
      const owner = strays.ownerOf(thrown);
      const { stack, message } = refusalOf(thrown).detail;
      strays.report(owner, `${kind}: ${stack ?? message}`);
      owner?.fail(thrown);
    } catch {
      // What it takes to say so was replaced; a second stray would end the process, and every call with it.
    }
  };
  const takeException = take("Uncaught exception");
  process.on("uncaughtException", takeException);
  process.on("unhandledRejection", take("Unhandled rejection"));

  // The engine forgets the context of what a microtask throws, so each is caught where it is known.
  const queue = globalThis.queueMicrotask;
  globalThis.queueMicrotask = (callback) =>
    queue(() => {
      try {
        callback();
      } catch (thrown) {
        takeException(thrown);
      }
    });
}
