package dev.pylon.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.pylon.model.Identity;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who stood behind the tokens that were presented lately, so that a call costs no look at the
 * database. What changes on this node is forgotten at once, what changes elsewhere within a minute.
 * Thread-safe.
 */
final class IdentityCache {
  private static final int IDENTITIES_MAX = 10_000;

  private static final Duration KEPT = Duration.ofSeconds(60);

  /** Made for the first token: many servers never see one. */
  private volatile @Nullable Cache<String, Known> byToken;

  /** Grows with every word to forget something. */
  private final AtomicLong forgotten = new AtomicLong();

  /**
   * @param source the hash of the session, or the id of the key
   * @param endsAt when it ends by itself, in epoch seconds
   */
  record Known(Identity identity, String source, long endsAt) {}

  /**
   * Who stands behind {@code token}: as it is remembered, else as {@code look} finds it. What is
   * not found is not remembered.
   */
  Optional<Known> find(String token, Supplier<Optional<Known>> look) {
    Cache<String, Known> known = byToken();
    Known remembered = known.getIfPresent(token);
    if (remembered != null) {
      return Optional.of(remembered);
    }
    long before = forgotten.get();
    Optional<Known> found = look.get();
    if (found.isPresent()) {
      known.put(token, found.get());
      // What was found may have been changed meanwhile, by who did not see it here yet.
      if (forgotten.get() != before) {
        known.invalidate(token);
      }
    }
    return found;
  }

  private Cache<String, Known> byToken() {
    Cache<String, Known> made = byToken;
    return made == null ? makeByToken() : made;
  }

  private synchronized Cache<String, Known> makeByToken() {
    Cache<String, Known> made = byToken;
    if (made == null) {
      made =
          Caffeine.newBuilder()
              .maximumSize(IDENTITIES_MAX)
              .expireAfterWrite(KEPT)
              .executor(Runnable::run)
              .build();
      byToken = made;
    }
    return made;
  }

  /** To be called after the session has changed. */
  void forgetSession(String hash) {
    forget(known -> known.source().equals(hash));
  }

  /** To be called after the key has changed. */
  void forgetKey(String id) {
    forget(known -> known.source().equals(id));
  }

  /** To be called after anything about a user has changed. */
  void forgetUser(String userId) {
    forget(known -> userId.equals(known.identity().userId()));
  }

  /** To be called after the sessions of everybody have ended. */
  void forgetAll() {
    forget(_ -> true);
  }

  private void forget(Predicate<Known> which) {
    forgotten.incrementAndGet();
    Cache<String, Known> made = byToken;
    if (made != null) {
      made.asMap().values().removeIf(which);
    }
  }
}
