package dev.pylon.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.pylon.model.Identity;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who stood behind the tokens that were presented lately, so that a call costs no look at the
 * database. What changes on this node is forgotten at once, what changes on another as soon as it
 * tells, and within a minute if it cannot. Thread-safe.
 */
final class IdentityCache {
  private static final int IDENTITIES_MAX = 10_000;

  private static final Duration KEPT = Duration.ofSeconds(60);

  /** What nodes tell each other to forget: everything, or with a name behind it one of these. */
  private static final String ALL = "all";

  private static final String SOURCE = "source ";
  private static final String USER = "user ";

  /** Longer names are not told: everything is forgotten then. */
  private static final int WORDS_CHARS_MAX = 1_000;

  private final Consumer<String> others;

  /** Made for the first token: many servers never see one. */
  private volatile @Nullable Cache<String, Known> byToken;

  /** Grows with every word to forget something. */
  private final AtomicLong forgotten = new AtomicLong();

  /**
   * @param others tells other nodes what to forget
   */
  IdentityCache(Consumer<String> others) {
    this.others = others;
  }

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
    forgetEverywhere(SOURCE + hash);
  }

  /** To be called after the key has changed. */
  void forgetKey(String id) {
    forgetEverywhere(SOURCE + id);
  }

  /** To be called after anything about a user has changed. */
  void forgetUser(String userId) {
    forgetEverywhere(USER + userId);
  }

  /** The same where somebody is new, which is of no concern to other nodes and may be many. */
  void forgetUsersHere(Set<String> userIds) {
    if (!userIds.isEmpty()) {
      forget(known -> userIds.contains(known.identity().userId()));
    }
  }

  /** To be called after the sessions of everybody have ended. */
  void forgetAll() {
    forgetEverywhere(ALL);
  }

  private void forgetEverywhere(String what) {
    forgetHere(what);
    others.accept(what.length() > WORDS_CHARS_MAX ? ALL : what);
  }

  /** Forgets what another node says; everything where we do not know its words. */
  void forgetHere(String what) {
    if (what.startsWith(SOURCE)) {
      String source = what.substring(SOURCE.length());
      forget(known -> known.source().equals(source));
    } else if (what.startsWith(USER)) {
      String userId = what.substring(USER.length());
      forget(known -> userId.equals(known.identity().userId()));
    } else {
      forget(_ -> true);
    }
  }

  /** To be called where others may have said what was not heard. */
  void forgetAllHere() {
    forgetHere(ALL);
  }

  private void forget(Predicate<Known> which) {
    forgotten.incrementAndGet();
    Cache<String, Known> made = byToken;
    if (made != null) {
      made.asMap().values().removeIf(which);
    }
  }
}
