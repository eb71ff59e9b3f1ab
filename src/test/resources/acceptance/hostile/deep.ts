import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    let value: any = 1;
    for (let n = 0; n < 500; n++) {
      value = [value];
    }
    return value;
  },
});
