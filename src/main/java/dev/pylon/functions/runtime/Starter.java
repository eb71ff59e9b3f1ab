package dev.pylon.functions.runtime;

import dev.pylon.functions.protocol.LoadFailure;
import dev.pylon.functions.protocol.RuntimeFrame;
import dev.pylon.model.Deadline;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts runtimes, and keeps one on standby: booted, with no user code imported, so that the next
 * load costs no start. A foreign runtime knows no standby.
 *
 * <p>Thread-safe: who waits for a load keeps nobody from another.
 */
final class Starter {
  private final RuntimeSpec spec;
  private final RuntimeListener listener;
  private final Consumer<ChildRuntime> onGone;
  private Map<String, @Nullable String> environment = Map.of();
  private @Nullable ChildRuntime standby;
  private int number;
  private boolean closed;

  Starter(RuntimeSpec spec, RuntimeListener listener, Consumer<ChildRuntime> onGone) {
    this.spec = spec;
    this.listener = listener;
    this.onGone = onGone;
  }

  /** A runtime that has said what it can run. */
  record Loaded(ChildRuntime runtime, RuntimeFrame.Ready ready, Registry registry) {
    private static Loaded await(ChildRuntime runtime) throws StartException {
      RuntimeFrame.Ready ready = runtime.awaitReady(Deadline.after(RuntimeSpec.HANDSHAKE_TIMEOUT));
      return new Loaded(runtime, ready, Registry.of(ready));
    }
  }

  /** What is loaded from now on has {@code changes} in its environment; a null value removes. */
  synchronized void environment(Map<String, @Nullable String> changes) {
    environment = changes;
  }

  /**
   * Lets a runtime load the functions: the one on standby, or a new one. A standby that was killed
   * says nothing about the code: where it ends without a word, a new one tries. So it does where an
   * import leads nowhere: Bun remembers the folders as they were when it booted, which may have
   * been before a package was installed.
   */
  Loaded load() throws StartException {
    ChildRuntime spare = takeStandby();
    if (spare != null) {
      try {
        Loaded loaded = Loaded.await(spare);
        if (loaded.ready().failed().stream().noneMatch(LoadFailure::isMissingImport)) {
          return loaded;
        }
        spare.dismiss(Duration.ZERO);
      } catch (StartException e) {
        if (!spare.endedByItself()) {
          throw e;
        }
      }
    }
    return Loaded.await(startLoading());
  }

  private synchronized @Nullable ChildRuntime takeStandby() {
    ChildRuntime spare = standby;
    standby = null;
    if (spare == null || !spare.isAlive()) {
      return null;
    }
    spare.load(environment);
    return spare;
  }

  private synchronized ChildRuntime startLoading() throws StartException {
    ChildRuntime fresh = start(spec.builtIn(), spec.builtIn() ? Map.of() : environment);
    if (spec.builtIn()) {
      fresh.load(environment);
    }
    return fresh;
  }

  private ChildRuntime start(boolean onStandby, Map<String, @Nullable String> changes)
      throws StartException {
    return ChildRuntime.start(++number, spec, onStandby, changes, listener, onGone);
  }

  /** Sees to it that one is on standby. */
  synchronized void refill() {
    if (!spec.builtIn() || closed || (standby != null && standby.isAlive())) {
      return;
    }
    try {
      standby = start(true, Map.of());
    } catch (StartException e) {
      // The next load starts one itself and tells why it cannot.
      standby = null;
    }
  }

  /** A runtime has ended; true where it was the one on standby. */
  synchronized boolean lost(ChildRuntime runtime) {
    if (runtime != standby) {
      return false;
    }
    standby = null;
    return true;
  }

  /** Keeps none on standby any more; hands out the one there was. */
  synchronized Optional<ChildRuntime> close() {
    closed = true;
    return Optional.ofNullable(standby);
  }
}
