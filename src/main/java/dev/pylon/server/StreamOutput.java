package dev.pylon.server;

import dev.pylon.model.Deadline;
import dev.pylon.server.http.Response;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.xnio.channels.StreamSinkChannel;

/**
 * A streamed body on its way out. Anybody queues; the connection's I/O thread writes and flushes.
 *
 * <pre>
 *   OPEN ──end──▶ ENDING ──all flushed──▶ OVER
 *     └─────┴──gone, or too far behind──▶ ABANDONED ──connection closed──▶ OVER
 * </pre>
 *
 * <p>Guarded by itself, but for the channel, which only the I/O thread touches. A client that lets
 * more than the bound pile up is given up, never waited for.
 */
final class StreamOutput implements Response.Output {
  /** What may wait for a slow client. */
  private static final long WAITING_BYTES_MAX = 16L * 1024 * 1024;

  /** So little that there is room for more. */
  private static final long WAITING_BYTES_FEW = 128 * 1024;

  /** What is written at once. */
  private static final int TOGETHER_BYTES_MAX = 16 * 1024;

  private enum State {
    OPEN,
    ENDING,
    ABANDONED,
    OVER
  }

  private final HttpServerExchange exchange;
  private final FlushRounds rounds;
  private final Duration patience;
  private final Runnable head;
  private final ClientPresence presence;
  private final Deque<ByteBuffer> waiting = new ArrayDeque<>();
  private State state = State.OPEN;
  private long waitingBytes;
  private boolean begun;
  private boolean scheduled;
  private @Nullable Runnable goneListener;

  // Of the I/O thread.
  private @Nullable StreamSinkChannel channel;
  private boolean shut;

  /**
   * @param rounds of the connection's I/O thread
   * @param patience what is under way may take this long where somebody waits for room
   * @param head writes status and headers, on the I/O thread
   */
  StreamOutput(HttpServerExchange exchange, FlushRounds rounds, Duration patience, Runnable head) {
    this.exchange = exchange;
    this.rounds = rounds;
    this.head = head;
    this.patience = patience;
    this.presence = new ClientPresence(exchange, this::abandon);
  }

  /** Sends the head, without waiting for the first bytes. Once more does nothing. */
  synchronized void begin() {
    if (!begun) {
      begun = true;
      exchange.getIoThread().execute(this::open);
    }
  }

  /** Whether status and headers are decided. */
  synchronized boolean hasBegun() {
    return begun;
  }

  /** Takes the channel. On the I/O thread. */
  private void open() {
    head.run();
    StreamSinkChannel sink = exchange.getResponseChannel();
    sink.getWriteSetter().set(_ -> flush());
    channel = sink;
    presence.watch();
    flush();
  }

  @Override
  public boolean write(byte[] bytes) {
    synchronized (this) {
      if (state != State.OPEN) {
        return false;
      }
      if (waitingBytes + bytes.length <= WAITING_BYTES_MAX) {
        waiting.add(ByteBuffer.wrap(bytes));
        waitingBytes += bytes.length;
        begin();
        schedule();
        return true;
      }
    }
    abandon();
    return false;
  }

  @Override
  public boolean awaitRoom() throws InterruptedException {
    Deadline deadline = Deadline.after(patience);
    synchronized (this) {
      while (state == State.OPEN && waitingBytes > WAITING_BYTES_FEW && !deadline.isPast()) {
        wait(deadline.remainingMillis());
      }
      if (state == State.OPEN && waitingBytes <= WAITING_BYTES_FEW) {
        return true;
      }
    }
    abandon();
    return false;
  }

  /** Whoever writes has failed: the connection is closed, so that the client sees it too. */
  void cutOff() {
    synchronized (this) {
      goneListener = null;
    }
    abandon();
  }

  /** There is nobody to write to any more: what waits is dropped, and the listener is told. */
  private void abandon() {
    @Nullable Runnable listener;
    synchronized (this) {
      if (isAbandoned()) {
        return;
      }
      listener = state == State.OPEN ? goneListener : null;
      state = State.ABANDONED;
      waiting.clear();
      notifyAll();
      schedule();
    }
    if (listener != null) {
      listener.run();
    }
  }

  @Override
  public void onGone(Runnable listener) {
    synchronized (this) {
      goneListener = listener;
      if (!isAbandoned()) {
        return;
      }
    }
    listener.run();
  }

  private synchronized boolean isAbandoned() {
    return state == State.ABANDONED || state == State.OVER;
  }

  @Override
  public synchronized boolean isClosed() {
    return state != State.OPEN;
  }

  /** No more comes: what is queued is sent, then the response ends. */
  synchronized void end() {
    if (state == State.OPEN) {
      state = State.ENDING;
      begin();
      schedule();
    }
  }

  private synchronized void schedule() {
    if (!scheduled) {
      scheduled = true;
      rounds.add(this::flushScheduled);
    }
  }

  private void flushScheduled() {
    synchronized (this) {
      scheduled = false;
    }
    flush();
  }

  /** Sends what the client takes. On the I/O thread; once the response is over it does nothing. */
  private void flush() {
    StreamSinkChannel sink = channel;
    if (sink == null || state() == State.OVER) {
      return;
    }
    try {
      if (state() == State.ABANDONED) {
        over();
        exchange.getConnection().close();
        return;
      }
      if (!writeWaiting(sink)) {
        sink.resumeWrites();
        return;
      }
      boolean last = isLast();
      if (last && !shut) {
        shut = true;
        sink.shutdownWrites();
      }
      if (!sink.flush()) {
        sink.resumeWrites();
        return;
      }
      sink.suspendWrites();
      if (last) {
        // From here on the connection may belong to the client's next request.
        over();
        exchange.endExchange();
      }
    } catch (IOException e) {
      // The client went away while we wrote.
      abandon();
      over();
      exchange.endExchange();
    }
  }

  private synchronized State state() {
    return state;
  }

  private synchronized boolean isLast() {
    return state == State.ENDING && waiting.isEmpty();
  }

  private synchronized void over() {
    state = State.OVER;
    waiting.clear();
    notifyAll();
  }

  /** True where everything queued has been taken by the channel. */
  private boolean writeWaiting(StreamSinkChannel sink) throws IOException {
    while (true) {
      ByteBuffer next = next();
      if (next == null) {
        return true;
      }
      int size = next.remaining();
      sink.write(next);
      synchronized (this) {
        waitingBytes -= size - next.remaining();
        if (waitingBytes <= WAITING_BYTES_FEW) {
          notifyAll();
        }
        if (next.hasRemaining()) {
          return false;
        }
        waiting.poll();
      }
    }
  }

  /** The first of what waits; small pieces are made one, for each write is a call of the system. */
  private synchronized @Nullable ByteBuffer next() {
    ByteBuffer first = waiting.peek();
    if (first == null || waiting.size() == 1 || first.remaining() > TOGETHER_BYTES_MAX) {
      return first;
    }
    ByteBuffer together = ByteBuffer.allocate((int) Math.min(waitingBytes, TOGETHER_BYTES_MAX));
    for (ByteBuffer piece = first;
        piece != null && piece.remaining() <= together.remaining();
        piece = waiting.peek()) {
      together.put(piece);
      waiting.poll();
    }
    waiting.addFirst(together.flip());
    return together;
  }
}
