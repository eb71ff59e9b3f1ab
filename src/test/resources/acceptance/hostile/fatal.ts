import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    process.kill(process.pid, "SIGKILL");
    await Bun.sleep(5_000);
  },
});
