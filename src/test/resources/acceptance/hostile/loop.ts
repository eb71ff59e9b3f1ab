import { action } from "@pylonsync/functions";

export default action({
  timeoutMs: 1_500,
  async handler(ctx: any, args: any) {
    for (;;);
  },
});
