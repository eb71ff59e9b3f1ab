package dev.pylon.server;

import dev.pylon.model.PylonException;
import dev.pylon.server.http.HttpError;
import io.undertow.connector.PooledByteBuffer;
import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.protocol.http.HttpContinue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSourceChannel;

/**
 * A body that is read while it comes. The connection's I/O thread takes what the socket has as long
 * as there is room for it, so whoever sends is slowed down to the pace of whoever reads. Nothing is
 * taken, and no client that asks is told to go on, before the first read.
 *
 * <p>Guarded by itself, but for the channel, which only the I/O thread touches. Read by one thread.
 */
final class ArrivingBody extends InputStream {
  /** What may wait to be read. */
  private static final int WAITING_BYTES_MAX = 256 * 1024;

  /** So little that more is taken from the socket. */
  private static final int WAITING_BYTES_FEW = 128 * 1024;

  private final HttpServerExchange exchange;
  private final ServerLimits limits;
  private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
  private int waitingBytes;
  private long received;
  private boolean begun;
  private boolean resting;
  private boolean ended;
  private @Nullable IOException broken;

  /** How long the reader has waited for the sender, in all. */
  private long waitedNanos;

  // Of the I/O thread.
  private @Nullable StreamSourceChannel channel;

  /** On the I/O thread. */
  ArrivingBody(HttpServerExchange exchange, ServerLimits limits) {
    this.exchange = exchange;
    this.limits = limits;
  }

  // ---- whoever reads ----

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * @throws PylonException {@code PAYLOAD_TOO_LARGE}, {@code SHUTTING_DOWN}
   * @throws IOException where the sender has gone away, or has not sent in time
   */
  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, into.length);
    if (length == 0) {
      return 0;
    }
    int read = take(into, from, length);
    if (received() > limits.streamedBytesMax()) {
      throw new PylonException(
              HttpError.PAYLOAD_TOO_LARGE,
              "Request body exceeds maximum size of %d bytes".formatted(limits.streamedBytesMax()))
          .with("hint", "Send it in several parts, or raise PYLON_IMPORT_MAX_MB");
    }
    return read;
  }

  private synchronized long received() {
    return received;
  }

  private synchronized int take(byte[] into, int from, int length) throws IOException {
    begin();
    while (waiting.isEmpty() && !ended) {
      if (broken != null) {
        throw new IOException("the body did not come to its end", broken);
      }
      await();
    }
    ByteBuffer next = waiting.peek();
    if (next == null) {
      return -1;
    }
    int read = Math.min(length, next.remaining());
    next.get(into, from, read);
    if (!next.hasRemaining()) {
      waiting.remove();
    }
    waitingBytes -= read;
    if (resting && waitingBytes <= WAITING_BYTES_FEW) {
      resting = false;
      exchange.getIoThread().execute(this::receive);
    }
    return read;
  }

  private void begin() {
    if (!begun) {
      begun = true;
      exchange.getIoThread().execute(this::open);
    }
  }

  /** One turn of waiting. A sender has so much time in all, and more for what it has sent. */
  private void await() {
    long patience =
        limits.bodyTimeout().toNanos() + BodyDeadline.timeFor(received).toNanos() - waitedNanos;
    if (patience <= 0) {
      broken = new IOException("the sender took too long");
      exchange.getIoThread().execute(() -> IoUtils.safeClose(exchange.getConnection()));
      return;
    }
    long since = System.nanoTime();
    try {
      wait(TimeUnit.NANOSECONDS.toMillis(patience) + 1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw HttpError.shuttingDown();
    }
    waitedNanos += System.nanoTime() - since;
  }

  /** Whether there is nobody to be answered. */
  synchronized boolean isCutOff() {
    return broken != null;
  }

  /**
   * Where the reader left something unread, reads on for a while: whoever is still sending when the
   * connection closes sees it cut off, and not the answer. One that waits to be told to go on, and
   * was not, does not send.
   */
  void readOn() {
    if (!isBegun() && HttpContinue.requiresContinueResponse(exchange)) {
      return;
    }
    byte[] dropped = new byte[16 * 1024];
    try {
      for (long left = ChunkedBody.READ_ON_BYTES; left > 0; ) {
        int read = take(dropped, 0, dropped.length);
        if (read < 0) {
          return;
        }
        left -= read;
      }
    } catch (IOException _) {
      // Then there is nobody to be answered.
    }
  }

  private synchronized boolean isBegun() {
    return begun;
  }

  // ---- on the I/O thread ----

  private void open() {
    if (exchange.isRequestComplete()) {
      end();
    } else if (HttpContinue.requiresContinueResponse(exchange)) {
      HttpContinue.sendContinueResponse(
          exchange,
          new IoCallback() {
            @Override
            public void onComplete(HttpServerExchange on, Sender sender) {
              listen();
            }

            @Override
            public void onException(HttpServerExchange on, Sender sender, IOException failure) {
              breakOff(failure);
            }
          });
    } else {
      listen();
    }
  }

  private void listen() {
    StreamSourceChannel source = exchange.getRequestChannel();
    channel = source;
    source.getReadSetter().set(_ -> receive());
    receive();
  }

  /** Takes what is there, as long as there is room. */
  private void receive() {
    StreamSourceChannel source = channel;
    if (source == null || isOver()) {
      return;
    }
    try (PooledByteBuffer pooled = exchange.getConnection().getByteBufferPool().allocate()) {
      ByteBuffer buffer = pooled.getBuffer();
      while (hasRoom()) {
        buffer.clear();
        int read = source.read(buffer);
        if (read < 0) {
          end();
          return;
        }
        if (read == 0) {
          source.resumeReads();
          return;
        }
        add(ByteBuffer.allocate(read).put(buffer.flip()).flip());
      }
      source.suspendReads();
    } catch (IOException e) {
      breakOff(e);
    }
  }

  private synchronized boolean isOver() {
    return ended || broken != null;
  }

  /** Where there is none, whoever reads will call for more. */
  private synchronized boolean hasRoom() {
    resting = waitingBytes >= WAITING_BYTES_MAX;
    return !resting;
  }

  private synchronized void add(ByteBuffer piece) {
    waiting.add(piece);
    waitingBytes += piece.remaining();
    received += piece.remaining();
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }

  private synchronized void breakOff(IOException failure) {
    broken = failure;
    notifyAll();
  }
}
