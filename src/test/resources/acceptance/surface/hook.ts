import { action } from "@pylonsync/functions";

export default action({ handler: (ctx, args) => ({ request: ctx.request, args }) });
