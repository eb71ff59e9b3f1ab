import { query } from "@pylonsync/functions";

export default query({ handler: () => undefined });
