package dev.pylon.server;

import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.xnio.StreamConnection;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Bounds what a chunked body brings that is no content. Undertow keeps every trailer, and reads the
 * extensions of a chunk to their end, however long they are; so the bytes of a connection are
 * counted from one piece of content to the next.
 *
 * <p>Confined to the connection's I/O thread.
 */
final class ChunkedGuard extends AbstractStreamSourceConduit<StreamSourceConduit> {
  /** As much as the head of a request may have, and some full buffers of short chunks. */
  static final int WITHOUT_CONTENT_MAX = 128 * 1024;

  private static final long ANY = Long.MAX_VALUE;

  private long left = ANY;

  private ChunkedGuard(StreamSourceConduit socket) {
    super(socket);
  }

  /** Puts one between {@code connection} and whoever reads it. */
  static ChunkedGuard on(StreamConnection connection) {
    ConduitStreamSourceChannel source = connection.getSourceChannel();
    var guard = new ChunkedGuard(source.getConduit());
    source.setConduit(guard);
    return guard;
  }

  /** Counts while the body of {@code exchange} comes, which is chunked and not yet read. */
  void begin(HttpServerExchange exchange) {
    left = WITHOUT_CONTENT_MAX;
    exchange.addRequestWrapper((body, _) -> new Content(body.create()));
  }

  /** The request is over: what comes now is a head, and bounded by itself. */
  void end() {
    left = ANY;
  }

  private long counted(long bytes) throws IOException {
    if (left != ANY && bytes > 0) {
      left -= bytes;
      if (left < 0) {
        throw new IOException("a chunked body brings too much that is no content");
      }
    }
    return bytes;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    return (int) counted(next.read(into));
  }

  @Override
  public long read(ByteBuffer[] into, int offset, int length) throws IOException {
    return counted(next.read(into, offset, length));
  }

  @Override
  public long transferTo(long position, long count, FileChannel target) throws IOException {
    return counted(next.transferTo(position, count, target));
  }

  @Override
  public long transferTo(long count, ByteBuffer through, StreamSinkChannel target)
      throws IOException {
    return counted(next.transferTo(count, through, target));
  }

  /** The other end of the way: what has become of the chunks. */
  private final class Content extends AbstractStreamSourceConduit<StreamSourceConduit> {
    Content(StreamSourceConduit chunks) {
      super(chunks);
    }

    private long seen(long bytes) {
      if (bytes > 0 && left != ANY) {
        left = WITHOUT_CONTENT_MAX;
      }
      return bytes;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      return (int) seen(next.read(into));
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
      return seen(next.read(into, offset, length));
    }

    @Override
    public long transferTo(long position, long count, FileChannel target) throws IOException {
      return seen(next.transferTo(position, count, target));
    }

    @Override
    public long transferTo(long count, ByteBuffer through, StreamSinkChannel target)
        throws IOException {
      return seen(next.transferTo(count, through, target));
    }
  }
}
