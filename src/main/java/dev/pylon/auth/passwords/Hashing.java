package dev.pylon.auth.passwords;

import dev.pylon.auth.passwords.PasswordHash.Verdict;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Hashes a few passwords at a time, on platform threads of its own, so that sign-ins slow down each
 * other and nobody else: a virtual thread that computes keeps its carrier from all others.
 * Thread-safe. Its threads end when they have had nothing to do for a while.
 */
public final class Hashing implements AutoCloseable {
  /** Each holds some 19 MiB while it runs. */
  private static final int AT_ONCE = 2;

  /** Behind this many the last would wait for about two seconds. */
  private static final int WAITING_MAX = 64;

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          AT_ONCE,
          AT_ONCE,
          IDLE.toSeconds(),
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING_MAX),
          Thread.ofPlatform().name("passwords-", 0).daemon(true).factory());

  public Hashing() {
    threads.allowCoreThreadTimeOut(true);
  }

  /** A new hash; empty where too many wait already. */
  public Optional<String> hash(String password) {
    return run(() -> PasswordHash.of(password));
  }

  /**
   * Whether the password fits; empty where too many wait already.
   *
   * @param stored empty for who has none: that takes as long as a password that is wrong
   */
  public Optional<Verdict> check(String password, Optional<String> stored) {
    return run(() ->
        stored
            .map(hash -> PasswordHash.check(password, hash))
            .orElseGet(() -> PasswordHash.ofNobody(password)));
  }

  private <R> Optional<R> run(Callable<R> work) {
    Future<R> running;
    try {
      running = threads.submit(work);
    } catch (RejectedExecutionException e) {
      // Too many wait: whoever asks is told to come back.
      return Optional.empty();
    }
    try {
      return Optional.of(running.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      running.cancel(true);
      return Optional.empty();
    } catch (InterruptedException e) {
      running.cancel(true);
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a password could not be hashed", e.getCause());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
