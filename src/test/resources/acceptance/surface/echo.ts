import { query } from "@pylonsync/functions";

export default query({ handler: (_ctx, args) => args });
