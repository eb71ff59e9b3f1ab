import { mutation } from "@pylonsync/functions";

const cyclic: { self?: unknown } = {};
cyclic.self = cyclic;

const coded = (code: unknown, message = "a path: /etc/secret") => Object.assign(new Error(message), { code });

/** Throws, or returns what cannot be written. */
export default mutation({
  handler(ctx, { how }: { how: string }) {
    switch (how) {
      case "author":
        throw ctx.error("BID_TOO_LOW", "must be at least $12.00");
      case "author without text":
        throw ctx.error("AUCTION_NOT_FOUND", "");
      case "object":
        throw { code: "NO", message: "no" };
      case "object without text":
        throw { code: "NO", message: 7 };
      case "plain":
        throw new Error("secret");
      case "string":
        throw "secret";
      case "null":
        throw null;
      case "numeric code":
        throw coded(7);
      case "empty code":
        throw coded("");
      case "system":
        throw coded("ENOENT");
      case "engine":
        throw coded("ERR_INVALID_ARG_TYPE");
      case "bigint":
        return 1n;
      case "cyclic":
        return cyclic;
      case "exit":
        return process.exit(3);
      default:
        return null;
    }
  },
});
