import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    void Promise.reject(new Error("nobody awaits this"));
    await Bun.sleep(2_000);
    return "reached the end";
  },
});
