package dev.pylon.server;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
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
final class ChunkedGuard {
  /** As much as the head of a request may have, and some full buffers of short chunks. */
  static final int WITHOUT_CONTENT_MAX = 128 * 1024;

  private static final long ANY = Long.MAX_VALUE;

  private long left = ANY;
  private long sinceRequest;

  /** Puts one between {@code connection} and whoever reads it. */
  static ChunkedGuard on(StreamConnection connection) {
    var guard = new ChunkedGuard();
    ConduitStreamSourceChannel source = connection.getSourceChannel();
    source.setConduit(new Counted(source.getConduit(), guard::came));
    return guard;
  }

  /** Counts while the body of {@code exchange} comes, which is chunked and not yet read. */
  void begin(HttpServerExchange exchange) {
    left = WITHOUT_CONTENT_MAX;
    exchange.addRequestWrapper((body, _) -> new Counted(body.create(), this::wasContent));
  }

  /** The request is over: what comes now is a head, and bounded by itself. */
  void end(HttpServerExchange exchange) {
    left = ANY;
    PooledByteBuffer early =
        exchange.getConnection() instanceof HttpServerConnection connection
            ? connection.getExtraBytes()
            : null;
    sinceRequest = early == null ? 0 : early.getBuffer().remaining();
  }

  /** Bytes that have come since the last request was over, and those that came too early for it. */
  long sinceRequest() {
    return sinceRequest;
  }

  private void came(long bytes) throws IOException {
    sinceRequest += bytes;
    if (left != ANY) {
      left -= bytes;
      if (left < 0) {
        throw new IOException("a chunked body brings too much that is no content");
      }
    }
  }

  private void wasContent(long bytes) {
    if (left != ANY) {
      left = WITHOUT_CONTENT_MAX;
    }
  }

  /** Hears how many bytes were read, where there were any. */
  private interface Reading {
    void read(long bytes) throws IOException;
  }

  private static final class Counted extends AbstractStreamSourceConduit<StreamSourceConduit> {
    private final Reading reading;

    Counted(StreamSourceConduit source, Reading reading) {
      super(source);
      this.reading = reading;
    }

    private long told(long bytes) throws IOException {
      if (bytes > 0) {
        reading.read(bytes);
      }
      return bytes;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      return (int) told(next.read(into));
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) throws IOException {
      return told(next.read(into, offset, length));
    }

    @Override
    public long transferTo(long position, long count, FileChannel target) throws IOException {
      return told(next.transferTo(position, count, target));
    }

    @Override
    public long transferTo(long count, ByteBuffer through, StreamSinkChannel target)
        throws IOException {
      return told(next.transferTo(count, through, target));
    }
  }
}
