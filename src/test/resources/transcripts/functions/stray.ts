import { action } from "@pylonsync/functions";

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Fails where nobody waits. */
export default action({
  async handler(ctx, { how }: { how: string }) {
    const fail = () => {
      throw new Error(how);
    };
    switch (how) {
      case "rejection":
        void pause(1).then(fail);
        break;
      case "timer":
        setTimeout(fail, 1);
        break;
      case "microtask":
        queueMicrotask(fail);
        break;
      case "op":
        void ctx.db.get("Nope", "1");
        break;
      case "exit":
        setTimeout(() => process.exit(3), 1);
        break;
    }
    await pause(2_000);
  },
});
