import { mutation } from "@pylonsync/functions";
export const aborted: string[] = ((globalThis as any).aborted ??= []);
export default mutation({
  timeoutMs: 1_500,
  async handler(ctx: any, args: any) {
    await ctx.db.insert("Note", { text: args.text });
    ctx.signal?.addEventListener("abort", () => {
      aborted.push(args.text);
      ctx.db.list("Note").catch((refusal: any) => aborted.push(refusal.code));
    });
    await new Promise(() => {});
  },
});
