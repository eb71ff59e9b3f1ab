import { action } from "@pylonsync/functions";

/** Streams each chunk, named ones as events. */
export default action({
  async handler({ stream }, { chunks }: { chunks: unknown[] }) {
    for (const chunk of chunks) {
      if (Array.isArray(chunk)) {
        await stream.writeEvent(chunk[0] as string, chunk[1]);
      } else {
        stream.write(chunk);
      }
    }
    stream.write(undefined);
    return chunks.length;
  },
});
