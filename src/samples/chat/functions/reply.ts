import { action, v } from "@pylonsync/functions";

/** Stands in for a language model: says something, word by word. */
async function* think(question: string): AsyncGenerator<string> {
  for (const word of `You said: ${question}. Tell me more.`.split(/(?<= )/)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    yield word;
  }
}

/** Streams an answer while it is made, then stores it. Ask with `Accept: text/event-stream`. */
export default action({
  args: { room: v.string(), text: v.string() },
  async handler(ctx, { room, text }) {
    await ctx.runMutation("say", { room, author: "you", text });

    let answer = "";
    for await (const word of think(text)) {
      // The reader may have left: nobody needs the rest.
      ctx.signal.throwIfAborted();
      answer += word;
      await ctx.stream.write(word);
    }
    await ctx.stream.writeEvent("usage", { characters: answer.length });

    return ctx.runMutation<{ id: string }>("say", { room, author: "bot", text: answer });
  },
});
