package dev.pylon.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.ServerConnection;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.util.AttachmentKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;

/**
 * The connections that are open, at most so many: where another comes, those that have been idle
 * longest are closed. So thousands of clients that hold on to connections, or send a head letter by
 * letter, cannot keep out the next one, which may be whoever asks for our health.
 *
 * <p>Thread-safe. A connection is used on its own I/O thread, which alone says whether it is busy.
 */
final class Connections {
  /** Closed at once, so that not every newcomer looks at all of them. */
  private static final int TOGETHER = 100;

  private static final AttachmentKey<Held> HELD = AttachmentKey.create(Held.class);

  private final int max;
  private final RefusedHeads refusedHeads;
  private final Map<StreamConnection, Held> open = new ConcurrentHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicBoolean makingRoom = new AtomicBoolean();

  /** As it was seen: sorting wants a time that stands still. */
  private record Idle(Held held, long sinceNanos) {}

  Connections(int max, RefusedHeads refusedHeads) {
    this.max = max;
    this.refusedHeads = refusedHeads;
  }

  /** One connection. Its fields are written on its I/O thread and read by whoever makes room. */
  static final class Held {
    private final StreamConnection channel;
    private final ChunkedGuard guard;
    private volatile boolean busy;
    private volatile boolean leaving;
    private volatile long idleSinceNanos = System.nanoTime();

    Held(StreamConnection channel, RefusedHeads refusedHeads) {
      this.channel = channel;
      this.guard = ChunkedGuard.on(channel);
      refusedHeads.watch(channel, () -> busy, guard::sinceRequest);
    }

    /** The head of a request has come in whole. */
    void begin(HttpServerExchange exchange) {
      busy = true;
      if (Framing.isChunked(exchange)) {
        guard.begin(exchange);
      }
    }

    /** It has been answered. */
    void end(HttpServerExchange exchange) {
      guard.end(exchange);
      idleSinceNanos = System.nanoTime();
      busy = false;
    }
  }

  /** Takes charge of {@code channel} after {@code then} did; closes it where all are busy. */
  void opened(StreamConnection channel, ChannelListener<? super StreamConnection> then) {
    if (count.incrementAndGet() > max && !makeRoom()) {
      count.decrementAndGet();
      IoUtils.safeClose(channel);
      return;
    }
    open.put(channel, new Held(channel, refusedHeads));
    ChannelListeners.invokeChannelListener(channel, then);
    ChannelListener<? super StreamConnection> theirs = channel.getCloseListener();
    channel.setCloseListener(closed -> {
      forget(channel);
      ChannelListeners.invokeChannelListener(closed, theirs);
    });
    if (!channel.isOpen()) {
      forget(channel);
    }
  }

  private void forget(StreamConnection channel) {
    if (open.remove(channel) != null) {
      count.decrementAndGet();
    }
  }

  int count() {
    return count.get();
  }

  /** The connection of {@code exchange}; null where it has just been closed. */
  @Nullable Held of(HttpServerExchange exchange) {
    ServerConnection connection = exchange.getConnection();
    Held known = connection.getAttachment(HELD);
    if (known == null && connection instanceof HttpServerConnection http) {
      known = open.get(http.getChannel());
      if (known != null) {
        connection.putAttachment(HELD, known);
      }
    }
    return known;
  }

  /** Whether there is room now, or will be in a moment. */
  private boolean makeRoom() {
    if (!makingRoom.compareAndSet(false, true)) {
      return count.get() <= max + TOGETHER;
    }
    try {
      int staying = 0;
      var idle = new ArrayList<Idle>();
      for (Held held : open.values()) {
        staying += held.leaving ? 0 : 1;
        if (!held.busy && !held.leaving) {
          idle.add(new Idle(held, held.idleSinceNanos));
        }
      }
      List<Idle> longestIdle =
          idle.stream()
              .sorted(Comparator.comparingLong(Idle::sinceNanos))
              .limit(Math.max(0, staying - max) + Math.clamp(max / 10, 1, TOGETHER))
              .toList();
      longestIdle.forEach(one -> closeUnlessBusy(one.held()));
      return !longestIdle.isEmpty();
    } finally {
      makingRoom.set(false);
    }
  }

  /** On its own thread, where no request can begin meanwhile. */
  private static void closeUnlessBusy(Held held) {
    held.leaving = true;
    held.channel
        .getIoThread()
        .execute(() -> {
          if (held.busy) {
            held.leaving = false;
          } else {
            IoUtils.safeClose(held.channel);
          }
        });
  }
}
