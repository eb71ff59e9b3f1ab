package dev.pylon.auth.jwt;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A document that somebody else publishes, such as a key set: fetched by the first who needs it,
 * fetched anew when it is old, and used for a while longer where it cannot be. However many ask,
 * one fetches, and not more often than {@link #BETWEEN_TRIES}. Thread-safe.
 */
final class Published<T> {
  /** Who takes a key back must wait so long for us; who adds one need not. */
  static final Duration FRESH = Duration.ofMinutes(10);

  /** How long what we have is good while its publisher is away. */
  static final Duration USABLE = Duration.ofHours(4);

  /** So that nobody can have us ask all the time, be it with keys that do not exist. */
  static final Duration BETWEEN_TRIES = Duration.ofSeconds(30);

  /** Longer than a fetch takes: who waits for another's. */
  private static final Duration PATIENCE = Duration.ofSeconds(6);

  private static final System.Logger LOG = System.getLogger(Published.class.getName());

  private final String name;
  private final Source<T> source;
  private final InstantSource clock;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile @Nullable Held<T> held;
  private volatile @Nullable Instant triedAt;

  /** Where it comes from. */
  @FunctionalInterface
  interface Source<T> {
    T fetch() throws IOException;
  }

  private record Held<T>(T document, Instant since) {}

  /**
   * @param name for the log
   */
  Published(String name, Source<T> source, InstantSource clock) {
    this.name = name;
    this.source = source;
    this.clock = clock;
  }

  /**
   * The document, not much older than it should be.
   *
   * @throws IOException where there is none, and none that may still be used
   */
  T current() throws IOException {
    Held<T> known = held;
    return known != null && isYoungerThan(FRESH, known.since()) ? known.document() : fetched();
  }

  /** The document as it is now, for who misses something in it; unless we have just looked. */
  T renewed() throws IOException {
    return fetched();
  }

  private boolean isYoungerThan(Duration age, Instant moment) {
    return clock.instant().isBefore(moment.plus(age));
  }

  private T fetched() throws IOException {
    Held<T> before = held;
    boolean usable = before != null && isYoungerThan(USABLE, before.since());
    if (!locked(usable)) {
      return usable(before);
    }
    try {
      Held<T> now = held;
      Instant tried = triedAt;
      boolean byAnother = now != null && now != before;
      if (byAnother || (tried != null && isYoungerThan(BETWEEN_TRIES, tried))) {
        return usable(now);
      }
      triedAt = clock.instant();
      T document = source.fetch();
      held = new Held<>(document, clock.instant());
      return document;
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "cannot be fetched document={0} reason={1}", name, e);
      return usable(held);
    } finally {
      fetching.unlock();
    }
  }

  /** Who has something to go on with does not wait for who is fetching. */
  private boolean locked(boolean usable) throws IOException {
    if (usable) {
      return fetching.tryLock();
    }
    try {
      return fetching.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the server is stopping", e);
    }
  }

  private T usable(@Nullable Held<T> known) throws IOException {
    if (known != null && isYoungerThan(USABLE, known.since())) {
      return known.document();
    }
    throw new IOException(name + " cannot be had");
  }
}
