import { query } from "@pylonsync/functions";

export default query({ args: {}, handler: () => 1 });
