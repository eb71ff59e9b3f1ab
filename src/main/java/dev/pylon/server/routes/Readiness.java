package dev.pylon.server.routes;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Whether traffic should be sent here: nothing is once we are leaving, and otherwise everything
 * that answers need must be there. What was found holds for a second, so that asking often costs
 * nothing. Thread-safe.
 */
public final class Readiness implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Readiness.class.getName());
  private static final long HOLDS_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A database that is away keeps us waiting; whoever asks should not. */
  private static final long PATIENCE_MILLIS = 1_000;

  private final List<Check> checks;
  private final ExecutorService looking = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean leaving;

  // Guarded by this.
  private Map<String, Boolean> found = Map.of();
  private long foundNanos;

  /** One thing that must be there. */
  public record Check(String name, Probe probe) {}

  /** Looks; throwing means no. */
  @FunctionalInterface
  public interface Probe {
    boolean isUp();
  }

  public Readiness(List<Check> checks) {
    this.checks = List.copyOf(checks);
  }

  /** From now on we are not ready, whatever else holds. */
  public void leave() {
    leaving = true;
  }

  boolean isLeaving() {
    return leaving;
  }

  /** What is up, by name; looked at within the last second. */
  synchronized Map<String, Boolean> checks() {
    long now = System.nanoTime();
    if (found.isEmpty() || now - foundNanos > HOLDS_NANOS) {
      var looked = new LinkedHashMap<String, Boolean>();
      checks.forEach(check -> looked.put(check.name(), isUp(check)));
      found = looked;
      foundNanos = System.nanoTime();
    }
    return found;
  }

  private boolean isUp(Check check) {
    @Nullable Exception failure = null;
    try {
      Future<Boolean> look = looking.submit(check.probe()::isUp);
      try {
        if (look.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
          return true;
        }
      } finally {
        look.cancel(true);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
      failure = e;
    }
    LOG.log(Level.DEBUG, "not ready check=" + check.name(), failure);
    return false;
  }

  /** Ends what still looks. Nothing is up after that. */
  @Override
  public void close() {
    leaving = true;
    looking.shutdownNow();
  }
}
