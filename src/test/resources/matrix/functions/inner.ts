import { query } from "@pylonsync/functions";

export default query({ internal: true, handler: () => "for functions only" });
