package dev.pylon.server;

import io.undertow.server.HttpServerExchange;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;

/**
 * By when a body must have come: who sends one letter by letter holds a connection and its bytes
 * for nothing. Slow lines get more time for larger bodies. A body that came with its head costs
 * nothing here.
 *
 * <p>Confined to the connection's I/O thread.
 */
final class BodyDeadline {
  /** What the slowest line still carries in a second. */
  private static final long BYTES_PER_SECOND = 16 * 1024;

  private XnioExecutor.@Nullable Key timer;

  /** What the slowest line takes for so many. */
  static Duration timeFor(long bytes) {
    return Duration.ofMillis(1_000 * bytes / BYTES_PER_SECOND);
  }

  /** Ends the connection where {@code exchange} is not read completely in time. */
  void begin(HttpServerExchange exchange, ServerLimits limits) {
    if (exchange.isRequestComplete() || exchange.isComplete()) {
      return;
    }
    long told = exchange.getRequestContentLength();
    long most = limits.bodyBytesMax() + ChunkedBody.READ_ON_BYTES;
    long bytes = told < 0 ? limits.bodyBytesMax() : Math.min(told, most);
    timer =
        exchange
            .getIoThread()
            .executeAfter(
                () -> {
                  if (!exchange.isRequestComplete()) {
                    IoUtils.safeClose(exchange.getConnection());
                  }
                },
                limits.bodyTimeout().plus(timeFor(bytes)).toMillis(),
                TimeUnit.MILLISECONDS);
  }

  /** It has come, or will not. */
  void met() {
    if (timer != null) {
      timer.remove();
      timer = null;
    }
  }
}
