package dev.pylon.server;

import dev.pylon.server.http.Response;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.xnio.channels.StreamSinkChannel;

/**
 * A streamed body on its way out. Anybody queues; the connection's I/O thread writes and flushes.
 *
 * <p>Guarded by itself, but for the channel, which only the I/O thread touches. A client that lets
 * more than the bound pile up is given up, never waited for.
 */
final class StreamOutput implements Response.Output {
  /** What may wait for a slow client. */
  private static final long WAITING_BYTES_MAX = 16L * 1024 * 1024;

  private final HttpServerExchange exchange;
  private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean scheduled;
  private boolean ending;
  private boolean closed;
  private @Nullable StreamSinkChannel channel;

  StreamOutput(HttpServerExchange exchange) {
    this.exchange = exchange;
  }

  /** Takes the channel and sends the head. On the I/O thread, once. */
  void open() {
    StreamSinkChannel sink = exchange.getResponseChannel();
    sink.getWriteSetter().set(_ -> flush());
    channel = sink;
    flush();
  }

  @Override
  public boolean write(byte[] bytes) {
    synchronized (this) {
      if (closed || ending) {
        return false;
      }
      if (waitingBytes + bytes.length > WAITING_BYTES_MAX) {
        closed = true;
        waiting.clear();
      } else {
        waiting.add(ByteBuffer.wrap(bytes));
        waitingBytes += bytes.length;
      }
    }
    schedule();
    return !isClosed();
  }

  @Override
  public synchronized boolean isClosed() {
    return closed;
  }

  /** No more comes: what is queued is sent, then the response ends. */
  void end() {
    synchronized (this) {
      ending = true;
    }
    schedule();
  }

  private void schedule() {
    synchronized (this) {
      if (scheduled) {
        return;
      }
      scheduled = true;
    }
    exchange.getIoThread().execute(this::flush);
  }

  private void flush() {
    StreamSinkChannel sink = channel;
    synchronized (this) {
      scheduled = false;
    }
    if (sink == null) {
      return;
    }
    try {
      if (isClosed()) {
        exchange.getConnection().close();
        return;
      }
      if (!writeWaiting(sink)) {
        sink.resumeWrites();
        return;
      }
      boolean over;
      synchronized (this) {
        over = ending && waiting.isEmpty();
      }
      if (over) {
        sink.shutdownWrites();
      }
      if (!sink.flush()) {
        sink.resumeWrites();
        return;
      }
      sink.suspendWrites();
      if (over) {
        synchronized (this) {
          closed = true;
        }
        exchange.endExchange();
      }
    } catch (IOException e) {
      // The client went away; whoever writes sees it at the next write.
      synchronized (this) {
        closed = true;
        waiting.clear();
      }
      exchange.endExchange();
    }
  }

  /** True where everything queued has been taken by the channel. */
  private boolean writeWaiting(StreamSinkChannel sink) throws IOException {
    while (true) {
      ByteBuffer next;
      synchronized (this) {
        next = waiting.peek();
      }
      if (next == null) {
        return true;
      }
      int size = next.remaining();
      sink.write(next);
      synchronized (this) {
        waitingBytes -= size - next.remaining();
        if (next.hasRemaining()) {
          return false;
        }
        waiting.poll();
      }
    }
  }
}
