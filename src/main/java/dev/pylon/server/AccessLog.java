package dev.pylon.server;

import dev.pylon.json.Json;
import dev.pylon.server.http.ClientAddress;
import dev.pylon.server.http.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
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

  private final OutputStream out;
  private final ClientAddress clients;
  private final InstantSource clock;
  private final ArrayBlockingQueue<Entry> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
  private final LongAdder leftOut = new LongAdder();
  private final AtomicBoolean due = new AtomicBoolean();
  private final ScheduledExecutorService writer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("access-log").daemon(true).factory());

  private record Entry(Request head, int status, long bytes, long nanos, long atNanos) {}

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
    if (!waiting.offer(new Entry(head, status, bytes, nanos, System.nanoTime()))) {
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

  /** Writes what waits. On the writer's thread, and once more when it has ended. */
  private void write() {
    due.set(false);
    var lines = new ByteArrayOutputStream();
    for (@Nullable Entry entry = waiting.poll(); entry != null; entry = waiting.poll()) {
      Json.write(lines, line(entry));
      lines.write('\n');
    }
    long missing = leftOut.sumThenReset();
    if (missing > 0) {
      var line = new LinkedHashMap<String, @Nullable Object>();
      line.put("time", clock.instant().toString());
      line.put("logger", "access");
      line.put("left_out", missing);
      Json.write(lines, line);
      lines.write('\n');
    }
    if (lines.size() == 0) {
      return;
    }
    try {
      out.write(lines.toByteArray());
      out.flush();
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "access log cannot be written", e);
    }
  }

  private Map<String, @Nullable Object> line(Entry entry) {
    Request head = entry.head();
    var line = new LinkedHashMap<String, @Nullable Object>();
    Duration ago = Duration.ofNanos(System.nanoTime() - entry.atNanos());
    line.put("time", clock.instant().minus(ago).toString());
    line.put("logger", "access");
    line.put("request", head.id());
    line.put("method", head.method());
    line.put("path", masked(head.path()));
    line.put("status", entry.status());
    line.put("ms", Math.round(entry.nanos() / 1e4) / 1e2);
    line.put("bytes", entry.bytes());
    line.put("client", clients.of(head));
    return line;
  }

  private static String masked(String path) {
    return TOKEN
        .matcher(path)
        .replaceAll(found -> (found.group(1) == null ? found.group(2) : found.group(1)) + "***");
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
