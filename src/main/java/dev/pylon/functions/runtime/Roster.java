package dev.pylon.functions.runtime;

import dev.pylon.functions.protocol.FunctionError;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The generation that answers calls now, and those who wait for one. Thread-safe. */
final class Roster {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile Generation current;
  private volatile @Nullable String failure;
  private volatile boolean closed;

  Roster(RuntimeSpec spec) {
    this.current = Generation.of(List.of(), Registry.EMPTY, spec);
  }

  Generation current() {
    return current;
  }

  Registry registry() {
    return current.registry();
  }

  boolean isUp() {
    return current.leastBusy() != null;
  }

  boolean isClosed() {
    return closed;
  }

  boolean has(ChildRuntime runtime) {
    return current.runtimes().contains(runtime);
  }

  /** Why no runtime is up, or null where one is up or on its way for the first time. */
  @Nullable String failure() {
    return isUp() ? null : failure;
  }

  /** Makes {@code next} the current generation; the one before, or null once this is closed. */
  @Nullable Generation publish(Generation next) {
    lock.lock();
    try {
      if (closed) {
        return null;
      }
      Generation before = current;
      set(next);
      return before;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Puts {@code fresh} in the place of {@code old}; false where that has none any more: then there
   * is a newer generation, or this is closed.
   */
  boolean replace(ChildRuntime old, ChildRuntime fresh, Registry loaded) {
    lock.lock();
    try {
      if (closed || !has(old)) {
        return false;
      }
      set(current.with(fresh, old, loaded));
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Lets {@code fresh} stand in for the runtimes of the generation with these places; false where
   * that is over or has one already.
   */
  boolean addStandIn(Semaphore places, Starter.Loaded fresh) {
    lock.lock();
    try {
      if (closed || current.places() != places || current.standIn() != null) {
        return false;
      }
      set(current.with(fresh));
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Takes back what stands in; false where {@code runtime} does not. */
  boolean dropStandIn(ChildRuntime runtime) {
    lock.lock();
    try {
      Starter.Loaded standIn = current.standIn();
      if (closed || standIn == null || standIn.runtime() != runtime) {
        return false;
      }
      set(current.with(null));
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Gives the place of {@code old} to what stands in, and says what that is; null where the one has
   * no place or nothing stands in.
   */
  @Nullable ChildRuntime promoteStandIn(ChildRuntime old) {
    lock.lock();
    try {
      Starter.Loaded standIn = current.standIn();
      if (closed || standIn == null || !current.hasStandIn() || !has(old)) {
        return null;
      }
      set(current.with(null).with(standIn.runtime(), old, standIn.registry()));
      return standIn.runtime();
    } finally {
      lock.unlock();
    }
  }

  private void set(Generation next) {
    current = next;
    failure = null;
    changed.signalAll();
  }

  /** Says why no runtime came up; callers need not wait for one. */
  void fail(String reason) {
    lock.lock();
    try {
      failure = reason;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends all waiting; nothing is published any more. False where this was so. */
  boolean close() {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      closed = true;
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until functions can be called.
   *
   * @return false where the deadline came first, or a start failed
   */
  boolean awaitUp(Deadline deadline) {
    lock.lock();
    try {
      while (!isUp() && failure == null && !closed) {
        if (deadline.isPast()) {
          return false;
        }
        changed.awaitNanos(deadline.remainingNanos());
      }
      return isUp();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a change where no runtime is up.
   *
   * @throws PylonException where there is nothing to wait for, or not for so long
   */
  void awaitChange(Deadline deadline) {
    lock.lock();
    try {
      if (closed) {
        throw new PylonException(FunctionError.RUNTIME_GONE, "pylon runtime is shutting down");
      }
      if (isUp()) {
        return;
      }
      if (failure != null || deadline.isPast()) {
        throw new PylonException(
            FunctionError.RUNNER_NOT_STARTED, "TypeScript function runner is not running");
      }
      changed.awaitNanos(deadline.remainingNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PylonException(FunctionError.RUNTIME_GONE, "pylon runtime is shutting down", e);
    } finally {
      lock.unlock();
    }
  }
}
