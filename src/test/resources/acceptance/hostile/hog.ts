import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    const hoard: Uint8Array[] = [];
    for (;;) {
      hoard.push(new Uint8Array(16 * 1024 * 1024).fill(hoard.length + 1));
      await Bun.sleep(0);
    }
  },
});
