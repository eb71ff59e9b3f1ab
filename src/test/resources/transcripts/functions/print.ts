import { action } from "@pylonsync/functions";

/** Prints in every way there is. */
export default action({
  async handler(ctx) {
    console.log("plain", { a: 1 });
    console.warn("careful");
    console.debug("details");
    console.error(new Error("shown whole", { cause: "why" }));
    console.dir({ deep: { er: 1 } });
    console.table([{ a: 1 }]);
    console.trace("here");
    console.count();
    ctx.log.info("by the log");
    process.stdout.write("raw\n");
    await new Promise((resolve) => setTimeout(resolve, 1));
    console.log("later");
  },
});
