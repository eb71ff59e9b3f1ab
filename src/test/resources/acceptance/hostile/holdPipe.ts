import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    Bun.spawn(["sleep", "30"], { stdio: ["ignore", "inherit", "inherit"] });
    process.kill(process.pid, "SIGKILL");
    await Bun.sleep(5_000);
  },
});
