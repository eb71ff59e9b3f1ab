package dev.pylon.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Changed files on their way from the watcher to the loop that loads them. Thread-safe. */
final class Changes {
  /** How long the loop sleeps where nothing happens, before it looks whether it should end. */
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition happened = lock.newCondition();
  private final QuietTime quiet = new QuietTime();
  private boolean wanted;
  private boolean closed;

  /** What to load. */
  record Due(Set<Path> files, boolean manual) {}

  void changed(Path file) {
    boolean isEmpty = isEmpty(file);
    lock.lock();
    try {
      quiet.changed(file, isEmpty, System.nanoTime());
      happened.signal();
    } finally {
      lock.unlock();
    }
  }

  private static boolean isEmpty(Path file) {
    try {
      return Files.size(file) == 0;
    } catch (IOException e) {
      // Deleted: that is no file about to be filled.
      return false;
    }
  }

  /** Somebody wants everything loaded anew, now. */
  void loadAll() {
    lock.lock();
    try {
      wanted = true;
      happened.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until files changed and came to rest, or somebody wants a load; empty after {@link
   * #close}.
   */
  Optional<Due> await() throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        long remaining = quiet.isIdle() ? IDLE_NANOS : quiet.remaining(System.nanoTime());
        if (wanted || (!quiet.isIdle() && remaining == 0)) {
          var due = new Due(quiet.take(), wanted);
          wanted = false;
          return Optional.of(due);
        }
        // Woken by a change, by the end, or by the quiet time itself: each is looked at anew.
        var _ = happened.awaitNanos(remaining);
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Whether files have changed that are not being loaded yet. */
  boolean isPending() {
    lock.lock();
    try {
      return !quiet.isIdle();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the files that are changing have come to rest; they stay to be loaded. */
  void awaitRest() throws InterruptedException {
    lock.lock();
    try {
      while (!closed && !quiet.isIdle()) {
        long remaining = quiet.remaining(System.nanoTime());
        if (remaining == 0) {
          return;
        }
        var _ = happened.awaitNanos(remaining);
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      happened.signal();
    } finally {
      lock.unlock();
    }
  }
}
