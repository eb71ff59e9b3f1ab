import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    switch (args.what) {
      case "coded":
        throw ctx.error("BID_TOO_LOW", "must be at least $12.00 – bitte");
      case "empty message":
        throw ctx.error("AUCTION_NOT_FOUND", "");
      case "object":
        throw { code: "OWN_OBJECT", message: "thrown as it is" };
      case "plain":
        throw new Error("the secret");
      case "string":
        throw "the secret";
      case "null":
        throw null;
      case "numeric code":
        throw Object.assign(new Error("the secret"), { code: 42 });
      case "empty code":
        throw Object.assign(new Error("the secret"), { code: "" });
      case "big":
        return 10n;
      default: {
        const cyclic: any = {};
        cyclic.self = cyclic;
        return cyclic;
      }
    }
  },
});
