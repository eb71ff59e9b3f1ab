package dev.pylon.server;

import dev.pylon.server.http.ClientAddress;
import dev.pylon.server.http.Request;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line of JSON for each request: when, what, from where, how it ended. Queries and headers are
 * left out, since tokens travel in them, and what looks like a token in a path is masked.
 *
 * <p>An I/O thread only puts what it saw in a queue; a thread of ours makes lines of it and writes
 * many at once. Where it does not keep up, lines are left out and counted. Thread-safe.
 */
public final class AccessLog implements RequestListener, AutoCloseable {
  private static final Logger LOG = System.getLogger(AccessLog.class.getName());

  /** A tenth of a second of more requests than we can answer. */
  private static final int WAITING_MAX = 8_192;

  /** Lines gather for so long, so that a write is worth its while. */
  private static final long GATHER_MILLIS = 50;

  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

  /** Session tokens, API keys and JWTs; and what stands where invitations are accepted. */
  private static final Pattern TOKEN =
      Pattern.compile("(?<=/)(pylon_|pk\\.|eyJ)[^/]+|(?<=^/api/auth/)(invites/)[^/]+");

  /** What a path holds that {@link #TOKEN} finds something in: looking is cheaper than matching. */
  private static final List<String> TOKENS_BEGIN = List.of("/pylon_", "/pk.", "/eyJ", "/invites/");

  private final OutputStream out;
  private final ClientAddress clients;
  private final InstantSource clock;
  private final ArrayBlockingQueue<Entry> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final LongAdder leftOut = new LongAdder();

  /** Of these, how many a line has told of. Confined to the writer's thread. */
  private long leftOutTold;

  private final AtomicBoolean due = new AtomicBoolean();
  private final ScheduledExecutorService writer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("access-log").daemon(true).factory());

  /** Only what a line says: the head itself would keep all its headers until then. */
  private record Entry(
      String id,
      String method,
      String path,
      InetAddress peer,
      @Nullable String forwarded,
      int status,
      long bytes,
      long nanos,
      long atNanos) {}

  // Confined to the writer's thread.
  private final List<Entry> taken = new ArrayList<>();
  private final AccessLine lines = new AccessLine();

  /**
   * @param out closed by nobody here
   */
  public AccessLog(OutputStream out, ClientAddress clients, InstantSource clock) {
    this.out = out;
    this.clients = clients;
    this.clock = clock;
  }

  @Override
  public void answered(Request head, int status, long bytes, long nanos) {
    if (!waiting.offer(entry(head, status, bytes, nanos))) {
      leftOut.increment();
      return;
    }
    if (!due.get() && due.compareAndSet(false, true)) {
      try {
        var unused = writer.schedule(this::write, GATHER_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException e) {
        // Closed: what came after is of requests that were refused.
      }
    }
  }

  private Entry entry(Request head, int status, long bytes, long nanos) {
    return new Entry(
        head.id(),
        head.method(),
        head.path(),
        head.peer(),
        clients.forwarded(head),
        status,
        bytes,
        nanos,
        System.nanoTime());
  }

  /** Lines that were left out since the start, because nobody took them quickly enough. */
  public long leftOut() {
    return leftOut.sum();
  }

  /** Writes what waits. On the writer's thread, and once more when it has ended. */
  private void write() {
    due.set(false);
    Instant now = clock.instant();
    long nowNanos = System.nanoTime();
    waiting.drainTo(taken);
    for (Entry entry : taken) {
      add(entry, now.minusNanos(nowNanos - entry.atNanos()));
    }
    taken.clear();
    long missing = leftOut.sum() - leftOutTold;
    if (missing > 0) {
      leftOutTold += missing;
      lines.raw("{\"time\":").moment(now);
      lines.raw(",\"logger\":\"access\",\"left_out\":").number(missing).raw("}\n");
    }
    if (lines.length() == 0) {
      return;
    }
    try {
      out.write(lines.take());
      out.flush();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "access log cannot be written", e);
    }
  }

  private void add(Entry entry, Instant at) {
    lines.raw("{\"time\":").moment(at);
    lines.raw(",\"logger\":\"access\",\"request\":").quoted(entry.id());
    lines.raw(",\"method\":").quoted(entry.method());
    lines.raw(",\"path\":").quoted(masked(entry.path()));
    lines.raw(",\"status\":").number(entry.status());
    lines.raw(",\"ms\":").millis(entry.nanos());
    lines.raw(",\"bytes\":").number(entry.bytes());
    lines.raw(",\"client\":").quoted(clients.of(entry.peer(), entry.forwarded())).raw("}\n");
  }

  private static String masked(String path) {
    for (String beginning : TOKENS_BEGIN) {
      if (path.contains(beginning)) {
        return TOKEN
            .matcher(path)
            .replaceAll(
                found -> (found.group(1) == null ? found.group(2) : found.group(1)) + "***");
      }
    }
    return path;
  }

  /** Writes what still waits. A second call does nothing. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      if (writer.awaitTermination(CLOSE_PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
        write();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
