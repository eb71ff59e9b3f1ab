package dev.pylon.boot;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Closes what was opened, last first, and goes on when one of them fails. Thread-safe. */
final class Closing implements AutoCloseable {
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  /** Takes charge of {@code resource} and hands it back. */
  synchronized <T extends AutoCloseable> T own(T resource) {
    opened.push(resource);
    return resource;
  }

  private synchronized @Nullable AutoCloseable last() {
    return opened.poll();
  }

  @Override
  public void close() {
    @Nullable Exception first = null;
    for (AutoCloseable next = last(); next != null; next = last()) {
      try {
        next.close();
      } catch (Exception e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw new IllegalStateException("shutdown was not clean", first);
    }
  }
}
