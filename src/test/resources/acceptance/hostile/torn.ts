import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    process.stdout.write(`{"type":"stream","data":"xxx{"type":"return","value":"yyy\n`);
    await Bun.sleep(20_000);
  },
});
