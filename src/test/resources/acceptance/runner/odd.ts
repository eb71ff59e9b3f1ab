import { action } from "@pylonsync/functions";

export default action({
  async handler(ctx: any, args: any) {
    const after = (delay: any) => ctx.scheduler.runAfter(delay, "sink", {});
    switch (args.what) {
      case "nested without args":
        return ctx.runQuery("whoami");
      case "schedule without args":
        return typeof (await ctx.scheduler.runAfter(3_600_000, "sink"));
      case "fractional delay":
        return typeof (await after(3_600_000.5));
      case "negative delay":
        return typeof (await after(-5));
      case "delay as text":
        return typeof (await after("3600000"));
      case "date":
        return typeof (await ctx.scheduler.runAt(new Date(Date.now() + 3_600_000), "sink", {}));
      case "NaN":
        return after(NaN);
      case "chunk of an object":
        ctx.stream.write({ a: 1 });
        ctx.stream.write(undefined);
        return "written";
    }
  },
});
