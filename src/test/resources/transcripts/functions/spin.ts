import { query } from "@pylonsync/functions";

/** Never returns. */
export default query({
  handler() {
    for (;;);
  },
});
