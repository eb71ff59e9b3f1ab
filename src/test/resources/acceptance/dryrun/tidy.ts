import { action } from "@pylonsync/functions";

export default action({
  async handler() {
    return "tidied";
  },
});
