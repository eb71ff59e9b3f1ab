import { query } from "@pylonsync/functions";

export default query({
  async handler(ctx: any, args: any) {
    return (globalThis as any).aborted ?? [];
  },
});
