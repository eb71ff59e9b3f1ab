import { mutation } from "@pylonsync/functions";

export default mutation({
  handler: () => {
    throw new Error("the secret");
  },
});
