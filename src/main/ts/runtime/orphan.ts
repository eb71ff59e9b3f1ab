/**
 * A thread of its own that ends the process when its parent is gone.
 *
 * The end of standard input says so too, but only to an event loop that turns: a function that never
 * returns would keep its process alive for good. Costs some 3 MB.
 */

/** How often to look. A host that was killed should leave nothing behind after two seconds. */
const LOOK_EVERY_MS = 500;

const parentAtStart = process.ppid;

setInterval(() => {
  if (process.ppid !== parentAtStart) {
    process.kill(process.pid, "SIGKILL");
  }
}, LOOK_EVERY_MS);

export {};
