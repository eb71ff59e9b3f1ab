package dev.pylon.acceptance.matrix;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A kind of caller. The table names them in lower case, {@code weak-key} for {@code WEAK_KEY}. */
enum Who {
  ANONYMOUS(null),
  GUEST("guest_1"),
  /** A user of the tenant acme. */
  ANN("ann"),
  /** Another user of acme. */
  BOB("bob"),
  /** A member of another tenant, zeta. */
  ZOE("zoe"),
  /** Ann's key for everything the server has a scope for. */
  KEY("ann"),
  /** Ann's key without any scopes, which does whatever she may do. */
  PLAIN_KEY("ann"),
  /** Ann's key for an entity and a function that are not asked for here. */
  WEAK_KEY("ann"),
  /** Ann's key, whose time is over. */
  EXPIRED_KEY(null),
  /** Has the form of a key. */
  FORGED_KEY(null),
  /**
   * A JWT that Ann's session was given; where the table says nothing of it, it is as good as that.
   */
  JWT("ann"),
  /** The same, whose time is over. */
  EXPIRED_JWT(null),
  /** The same with another signature. */
  FORGED_JWT(null),
  /**
   * Ann's session in a cookie, from a page of the application; where the table says nothing of it,
   * it is as good as a bearer.
   */
  COOKIE("ann"),
  /** The same from a page of somebody else, which may ask and never write. */
  CROSS_SITE("ann"),
  /** Ann's session, whose time is over. */
  EXPIRED(null),
  /** Has the form of a session. */
  FORGED(null),
  ADMIN("__admin__");

  /** Names of several, as the table may use them. */
  private static final Map<String, List<Who>> GROUPS =
      Map.of(
          "nobody", List.of(ANONYMOUS, EXPIRED, FORGED),
          "users", List.of(ANN, BOB, ZOE),
          "keys", List.of(KEY, PLAIN_KEY, WEAK_KEY),
          "bad-keys", List.of(EXPIRED_KEY, FORGED_KEY));

  private static final Set<Who> BAD_JWTS = Set.of(EXPIRED_JWT, FORGED_JWT);

  /** Whoever the table does not name is refused before anything else is looked at. */
  static final Set<Who> BAD_KEYS = Set.copyOf(GROUPS.get("bad-keys"));

  private final @Nullable String userId;

  Who(@Nullable String userId) {
    this.userId = userId;
  }

  /** Whom the table need not name, since they follow from others. */
  boolean isImplied() {
    return this == JWT || sendsCookie() || BAD_JWTS.contains(this) || BAD_KEYS.contains(this);
  }

  boolean sendsCookie() {
    return this == COOKIE || this == CROSS_SITE;
  }

  boolean isBadJwt() {
    return BAD_JWTS.contains(this);
  }

  Optional<String> userId() {
    return Optional.ofNullable(userId);
  }

  /** As the table writes it. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whom a word of the table means. */
  static List<Who> named(String word) {
    List<Who> group = GROUPS.get(word);
    if (group != null) {
      return group;
    }
    return Arrays.stream(values())
        .filter(who -> who.word().equals(word))
        .findFirst()
        .map(List::of)
        .orElseThrow(() -> new IllegalArgumentException("no caller is called " + word));
  }
}
