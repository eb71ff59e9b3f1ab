import { action } from "@pylonsync/functions";

/** Returns what it was sent. */
export default action({ handler: (ctx, args: { rawBody?: string }) => JSON.parse(String(args.rawBody)) });
