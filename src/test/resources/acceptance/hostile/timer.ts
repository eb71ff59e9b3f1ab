import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    setTimeout(() => {
      throw new Error("from a timer");
    }, 5);
    await Bun.sleep(2_000);
    return "reached the end";
  },
});
