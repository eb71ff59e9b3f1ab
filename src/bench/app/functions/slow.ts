import { action } from "@pylonsync/functions";

export default action({
  handler: async () => {
    await Bun.sleep(200);
    return null;
  },
});
