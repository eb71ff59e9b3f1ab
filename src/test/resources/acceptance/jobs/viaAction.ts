import { action } from "@pylonsync/functions";

export default action({
  handler: (ctx: any, args: any) => ctx.runMutation("note", args),
});
