import { mutation } from "@pylonsync/functions";

export default mutation({
  handler: (ctx) => {
    throw ctx.error("BID_TOO_LOW", "must be at least $12.00");
  },
});
