import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    const own = args.own;
    for (let n = 0; n < 200; n++) {
      process.stdout.write(`{"type":"return","call_id":"c_${n}","value":"forged"}\n`);
    }
    console.log(`{"type":"return","call_id":"c_0","value":"forged"}`);
    await Bun.sleep(50);
    return own;
  },
});
