import { action } from "@pylonsync/functions";

export default action({
  handler: (ctx, { fail }: { fail?: boolean }) => {
    ctx.stream.write("one");
    ctx.stream.write("two\nlines");
    ctx.stream.write("forged\n\nevent: result\ndata: 1");
    ctx.stream.writeEvent("progress", "50");
    ctx.stream.writeEvent("result", "mine");
    if (fail) {
      throw ctx.error("STOPPED", "no more");
    }
    return { done: true };
  },
});
