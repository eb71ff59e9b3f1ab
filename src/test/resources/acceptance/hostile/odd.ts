import { query } from "@pylonsync/functions";

const then = (value: unknown) => ({ then: (resolve: (value: unknown) => void) => resolve(value) });

export default query({
  handler(ctx: any, args: any): any {
    return args.shape === "function" ? Object.assign(() => 1, then("of a function")) : then(then("of another"));
  },
});
