package dev.pylon.server;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpServerConnection;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Notices that a client hangs up while it is being streamed to.
 *
 * <p>A server that only writes learns of it by a failed write, which a handler that thinks for a
 * minute does not cause. So while a stream runs, the reading side of its connection is listened to:
 * its end is the client's. A client that sends its next request ahead is still there; what it sent
 * is kept for later, and it is not watched any more.
 *
 * <p>Confined to the connection's I/O thread.
 */
final class ClientPresence {
  private final HttpServerExchange exchange;
  private final Runnable onGone;
  private boolean watching;

  ClientPresence(HttpServerExchange exchange, Runnable onGone) {
    this.exchange = exchange;
    this.onGone = onGone;
  }

  /** Listens until the exchange is over, where the connection allows it. */
  void watch() {
    if (exchange.getConnection() instanceof HttpServerConnection connection
        && connection.getExtraBytes() == null) {
      watching = true;
      // Before the connection goes on to its next request, whose reading we would disturb.
      exchange.addExchangeCompleteListener((_, next) -> {
        unwatch(connection);
        next.proceed();
      });
      connection.getChannel().getSourceChannel().setReadListener(listener(connection));
      connection.getOriginalSourceConduit().resumeReads();
    }
  }

  private void unwatch(HttpServerConnection connection) {
    if (watching) {
      watching = false;
      connection.getOriginalSourceConduit().suspendReads();
    }
  }

  private ChannelListener<ConduitStreamSourceChannel> listener(HttpServerConnection connection) {
    return _ -> {
      @Nullable PooledByteBuffer ahead = connection.getByteBufferPool().allocate();
      try {
        int read = read(connection.getOriginalSourceConduit(), ahead);
        if (read == 0) {
          return;
        }
        unwatch(connection);
        if (read < 0) {
          onGone.run();
        } else {
          ahead.getBuffer().flip();
          connection.ungetRequestBytes(ahead);
          ahead = null;
        }
      } finally {
        if (ahead != null) {
          ahead.close();
        }
      }
    };
  }

  /** Below zero where the client is gone, whichever way. */
  private static int read(StreamSourceConduit source, PooledByteBuffer into) {
    try {
      return source.read(into.getBuffer());
    } catch (IOException e) {
      return -1;
    }
  }
}
