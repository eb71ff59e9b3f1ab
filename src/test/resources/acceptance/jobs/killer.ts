import { action } from "@pylonsync/functions";

/** Ends the process it runs in, as a fault in native code would. */
export default action({
  handler: () => {
    process.kill(process.pid, "SIGKILL");
    return new Promise(() => {});
  },
});
