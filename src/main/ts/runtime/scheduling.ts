/** `ctx.scheduler`: whole milliseconds and arguments, whatever the author gave. */
import type { Scheduler } from "../functions/types";
import type { Asker } from "./context";
import { FunctionError } from "./errors";
import type { OpBody } from "./protocol";

export function schedulerOf(call: Asker): Scheduler {
  return {
    runAfter: (delayMs, fn, args) => runAfter(call, delayMs, fn, args),
    runAt: async (at, fn, args) =>
      schedule(call, { fn_name: fn, run_at: millisOf(at, "at"), args: args ?? {} }),
    cancel: async (id) => {
      await call.ask({ type: "cancel_schedule", schedule_id: String(id) });
    },
  };
}

export async function runAfter(call: Asker, delayMs: number, fn: string, args?: object): Promise<string> {
  return schedule(call, { fn_name: fn, delay_ms: millisOf(delayMs, "delayMs"), args: args ?? {} });
}

type ScheduleBody = Extract<OpBody, { type: "schedule" }>;

async function schedule(call: Asker, body: Omit<ScheduleBody, "type">): Promise<string> {
  const answer = await call.ask({ type: "schedule", ...body });
  return (answer as { id: string }).id;
}

/** Whole milliseconds, not negative, from a number, numeric text, ISO text or a date. */
function millisOf(time: number | Date | string, what: string): number {
  const millis = time instanceof Date ? time.getTime() : parseMillis(time);
  if (!Number.isFinite(millis)) {
    throw new FunctionError("INVALID_ARGS", `${what} is not a time: ${String(time)}`);
  }
  return Math.max(0, Math.round(millis));
}

function parseMillis(time: unknown): number {
  if (typeof time === "number") {
    return time;
  }
  if (typeof time !== "string" || time.trim() === "") {
    return NaN;
  }
  const millis = Number(time);
  return Number.isNaN(millis) ? Date.parse(time) : millis;
}
