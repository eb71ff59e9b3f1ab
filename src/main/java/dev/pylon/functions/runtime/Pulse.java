package dev.pylon.functions.runtime;

import dev.pylon.functions.protocol.Definition;
import dev.pylon.functions.protocol.FunctionKind;
import dev.pylon.functions.protocol.HostFrames;
import dev.pylon.json.RawJson;
import dev.pylon.model.Identity;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Whether the event loop of a runtime turns.
 *
 * <p>One that says nothing though calls run on it may be waiting or may be stuck; so it is asked,
 * and how long it owes the answer is known before anybody needs to know. A foreign runtime knows no
 * pings; it is asked for a function that cannot exist, which it refuses at once (functions
 * contract, 2.8), and only where a call of its has run out of time, for its frames must not meet
 * others.
 *
 * <p>Thread-safe; {@link #look} belongs to one thread.
 */
final class Pulse {
  /** Begins the id of a probe, which no call of a client can have. */
  private static final String PROBE = "probe_";

  /** No file can bear this name, so no function can. */
  private static final Definition NOBODY =
      new Definition("/", FunctionKind.QUERY, null, true, null, null);

  /** Silence that is worth a question. */
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** An answer that is owed for longer is late: an event loop that turns gives it in one. */
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /**
   * Looks that find an answer missing before it is late: where we did not run ourselves for a
   * while, the first look comes before the answer is read.
   */
  private static final int LATE_LOOKS = 2;

  /** Nobody else is on a foreign runtime: it may as well be replaced. */
  private static final Duration FOREIGN_PATIENCE = Duration.ofMillis(150);

  private final boolean builtIn;
  private final Consumer<byte[]> line;
  private final Map<String, CompletableFuture<Void>> probes = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();

  /** Lines heard, counted by the reader thread alone. */
  private volatile long heard;

  private volatile long heardBefore;
  private volatile long askedNanos;
  private volatile boolean late;
  private long quietSinceNanos = System.nanoTime();
  private int looksInVain;

  /**
   * @param line takes a line to the runtime
   */
  Pulse(boolean builtIn, Consumer<byte[]> line) {
    this.builtIn = builtIn;
    this.line = line;
  }

  /** The runtime has said something. On its reader thread. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // only the reader thread writes
  void heard() {
    heard++;
  }

  /**
   * Looks whether it has said something since the last look, and asks where it is quiet. Who was
   * asked owes an answer, also when its calls have ended meanwhile.
   */
  void look(boolean busy, long nowNanos) {
    long lines = heard;
    if (lines != heardBefore || (!busy && askedNanos == 0)) {
      heardBefore = lines;
      quietSinceNanos = nowNanos;
      askedNanos = 0;
      looksInVain = 0;
      late = false;
    } else if (askedNanos != 0) {
      looksInVain++;
      late = looksInVain >= LATE_LOOKS && nowNanos - askedNanos >= LATE_NANOS;
    } else if (builtIn && nowNanos - quietSinceNanos >= QUIET_NANOS) {
      askedNanos = nowNanos;
      line.accept(HostFrames.ping(numbers.incrementAndGet()));
    }
  }

  /** Whether it owes us an answer for longer than an event loop that turns would take. */
  boolean isLate() {
    return late && heard == heardBefore;
  }

  /** When it was asked what it has not answered yet; what it was told later it has not read. */
  long askedNanos() {
    return askedNanos;
  }

  /** For how long it has owed us an answer. */
  Duration silence(long nowNanos) {
    long asked = askedNanos;
    return asked == 0 || heard != heardBefore
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(0, nowNanos - asked));
  }

  /** Asks, and waits for the answer; for {@code patience} less what it has owed us by now. */
  boolean answersWithin(Duration patience) {
    Duration left = builtIn ? patience.minus(silence(System.nanoTime())) : FOREIGN_PATIENCE;
    if (left.isNegative()) {
      return false;
    }
    long number = numbers.incrementAndGet();
    String id = PROBE + number;
    var answer = new CompletableFuture<Void>();
    probes.put(id, answer);
    try {
      line.accept(builtIn ? HostFrames.ping(number) : probe(id));
      answer.get(left.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      probes.remove(id);
    }
  }

  private static byte[] probe(String id) {
    return HostFrames.call(id, NOBODY, RawJson.EMPTY_OBJECT, Identity.ANONYMOUS, 1, null, null);
  }

  /** Whether a call of this id is a probe of ours. */
  static boolean isProbe(String callId) {
    return callId.startsWith(PROBE);
  }

  /** A {@code pong}. */
  void answered(long number) {
    answered(PROBE + number);
  }

  /** The refusal of a probe. */
  void answered(String probe) {
    var answer = probes.get(probe);
    if (answer != null) {
      answer.complete(null);
    }
  }
}
