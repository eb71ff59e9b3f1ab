import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    switch (args.what) {
      case "nothing":
        return;
      case "function":
        return () => 1;
      case "symbol":
        return Symbol("s");
      case "date":
        return new Date(0);
      case "numbers":
        return [NaN, Infinity, 1.5];
      case "map":
        return new Map([[1, 2]]);
      default:
        return "text";
    }
  },
});
