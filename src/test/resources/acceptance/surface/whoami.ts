import { query } from "@pylonsync/functions";

export default query({ handler: (ctx) => ctx.auth.userId });
