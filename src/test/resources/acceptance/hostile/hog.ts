import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    const hoard: object[] = [];
    for (;;) {
      hoard.push(Array.from({ length: 100_000 }, (_, n) => ({ n, text: `item ${n}` })));
      await Bun.sleep(0);
    }
  },
});
