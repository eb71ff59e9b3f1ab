package dev.pylon.server.routes;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether traffic should be sent here: nothing is once we are leaving, and otherwise everything
 * that answers need must be there. What was found holds for a second, so that asking often costs
 * nothing. Thread-safe.
 */
public final class Readiness {
  private static final Logger LOG = System.getLogger(Readiness.class.getName());
  private static final long HOLDS_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final List<Check> checks;
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

  private static boolean isUp(Check check) {
    @Nullable RuntimeException failure = null;
    try {
      if (check.probe().isUp()) {
        return true;
      }
    } catch (RuntimeException e) {
      failure = e;
    }
    LOG.log(Level.DEBUG, "not ready check=" + check.name(), failure);
    return false;
  }
}
