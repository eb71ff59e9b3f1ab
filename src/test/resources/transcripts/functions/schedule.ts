import { mutation } from "@pylonsync/functions";

const dates: Record<string, unknown> = {
  date: new Date("2026-01-01T00:00:00Z"),
  nan: NaN,
  infinity: Infinity,
};

/** Schedules `noop` as told; a name stands for what JSON cannot say. */
export default mutation({
  handler(
    { scheduler },
    { how, at, args }: { how: "runAfter" | "runAt" | "cancel"; at: never; args?: object },
  ) {
    const time = (dates[at] ?? at) as never;
    return how === "cancel" ? scheduler.cancel(at) : scheduler[how](time, "noop", args);
  },
});
