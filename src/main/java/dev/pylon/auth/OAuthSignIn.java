package dev.pylon.auth;

import dev.pylon.auth.AuditEvent.Action;
import dev.pylon.auth.OAuthStates.Begun;
import dev.pylon.auth.UserSession.Started;
import dev.pylon.auth.oauth.Attempt;
import dev.pylon.auth.oauth.OAuthError;
import dev.pylon.auth.oauth.Profile;
import dev.pylon.auth.oauth.Provider;
import dev.pylon.model.PylonException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Signing in with another provider: somebody is sent there, and comes back with a code.
 *
 * <p>A sign-in belongs to the browser that began it, which holds a secret in a cookie; so nobody
 * can finish theirs in somebody else's browser. A provider's word opens the account that was linked
 * to it, or the one of an address that the provider has verified. Its tokens are not kept.
 * Thread-safe.
 */
public final class OAuthSignIn {
  private static final int BROWSER_BYTES = 32;
  private static final int ADDRESS_CHARS_MAX = 2_000;

  private final TreeMap<String, Provider> providers = new TreeMap<>();
  private final List<String> trustedOrigins;
  private final OAuthStates states;
  private final Users users;
  private final NewUsers newUsers;
  private final Ownership ownership;
  private final Links links;
  private final SignIn signIn;
  private final Audit audit;

  /**
   * What the operator says.
   *
   * @param trustedOrigins of pages that may be gone back to, beside those of the application
   */
  public record Settings(List<Provider> providers, List<String> trustedOrigins) {
    public static final Settings NONE = new Settings(List.of(), List.of());

    public Settings {
      providers = List.copyOf(providers);
      trustedOrigins = List.copyOf(trustedOrigins);
    }
  }

  /** What a sign-in changes, and what it asks. */
  record Rooms(
      Users users,
      NewUsers newUsers,
      Ownership ownership,
      Links links,
      SignIn signIn,
      Audit audit) {}

  OAuthSignIn(Settings settings, OAuthStates states, Rooms rooms) {
    settings.providers().forEach(provider -> providers.put(provider.name(), provider));
    this.trustedOrigins = settings.trustedOrigins();
    this.states = states;
    this.users = rooms.users();
    this.newUsers = rooms.newUsers();
    this.ownership = rooms.ownership();
    this.links = rooms.links();
    this.signIn = rooms.signIn();
    this.audit = rooms.audit();
  }

  /** The names of all providers, sorted. */
  public List<String> providers() {
    return List.copyOf(providers.keySet());
  }

  private Provider provider(String name) {
    Provider provider = providers.get(name);
    if (provider == null) {
      throw new PylonException(
          OAuthError.PROVIDER_NOT_FOUND, "Nobody signs in with \"%s\" here".formatted(name));
    }
    return provider;
  }

  // ---- there ----

  /**
   * A sign-in that has begun.
   *
   * @param page where somebody signs in
   * @param browser the secret that the browser is to keep
   */
  public record Sent(URI page, String state, String browser) {}

  /**
   * Begins a sign-in.
   *
   * @param callback where it goes on afterwards
   * @param errorCallback the same where it fails; null for {@code callback}
   * @param browser the secret that the browser has from a sign-in before, if any
   * @throws PylonException {@link OAuthError#PROVIDER_NOT_FOUND}, {@link
   *     OAuthError#UNTRUSTED_REDIRECT}, {@link OAuthError#OAUTH_PROVIDER_BROKEN}
   */
  public Sent begin(
      String name, String callback, @Nullable String errorCallback, @Nullable String browser) {
    Provider provider = provider(name);
    String otherwise = errorCallback == null ? callback : errorCallback;
    requireTrusted(callback);
    requireTrusted(otherwise);
    String secret = browser == null ? Secrets.base64(BROWSER_BYTES) : browser;
    Attempt attempt = states.begin(name, callback, otherwise, secret);
    return new Sent(provider.signInPage(attempt), attempt.state(), secret);
  }

  private void requireTrusted(String address) {
    List<String> origins =
        Stream.concat(trustedOrigins.stream(), users.settings().trustedOrigins().stream()).toList();
    if (address.length() > ADDRESS_CHARS_MAX || !TrustedOrigins.contain(origins, address)) {
      throw new PylonException(
          OAuthError.UNTRUSTED_REDIRECT,
          "The callback is no address of a trusted origin (PYLON_TRUSTED_ORIGINS)");
    }
  }

  // ---- and back ----

  /** A sign-in that has come back, and cannot come again. */
  public static final class Returned {
    private final Provider provider;
    private final Begun begun;
    private final boolean sameBrowser;

    private Returned(Provider provider, Begun begun, boolean sameBrowser) {
      this.provider = provider;
      this.begun = begun;
      this.sameBrowser = sameBrowser;
    }

    public String callback() {
      return begun.callback();
    }

    public String errorCallback() {
      return begun.errorCallback();
    }

    /** Whether it was begun where it came back; if not, no cookie may come of it. */
    public boolean isOfSameBrowser() {
      return sameBrowser;
    }
  }

  /** Who brings a sign-in back. */
  public enum Bearer {
    /** A browser, which was sent here and must be the one that began. */
    BROWSER,
    /** A program or a page that was told the state, and answers for it. */
    HOLDER_OF_STATE
  }

  /**
   * Takes a sign-in that comes back.
   *
   * @param browser the secret that the browser holds, if any
   * @throws PylonException {@link OAuthError#PROVIDER_NOT_FOUND}, {@link
   *     OAuthError#OAUTH_INVALID_STATE}
   */
  public Returned take(String name, String state, @Nullable String browser, Bearer bearer) {
    Provider provider = provider(name);
    Begun begun = states.find(name, state).orElseThrow(OAuthSignIn::unknown);
    String holder = begun.browser();
    boolean same =
        browser != null && holder != null && Secrets.equal(holder, Secrets.hash(browser));
    if ((bearer == Bearer.BROWSER && !same) || !states.take(begun)) {
      throw unknown();
    }
    return new Returned(provider, begun, same);
  }

  private static PylonException unknown() {
    return new PylonException(
        OAuthError.OAUTH_INVALID_STATE, "This sign-in was not begun here, or is over; begin again");
  }

  /**
   * Signs in whom the provider names.
   *
   * @param issuer how the provider called itself beside the code, if it did
   * @throws PylonException {@link OAuthError#OAUTH_TOKEN_EXCHANGE_FAILED}, {@link
   *     OAuthError#OAUTH_EMAIL_UNVERIFIED}, or what the store says of a new user's row
   */
  public Started finish(Returned returned, String code, @Nullable String issuer, Visitor visitor) {
    try {
      Profile profile = returned.provider.profile(code, issuer, returned.begun.attempt());
      return signedIn(returned, profile, visitor);
    } catch (PylonException e) {
      audit.noteFailure(Action.SIGN_IN_FAILED, null, visitor, e.code().name());
      throw e;
    }
  }

  /** Signs in somebody without asking the provider: for who tries things out. */
  public Started pretend(Returned returned, String email, @Nullable String name, Visitor visitor) {
    return signedIn(returned, new Profile("dev:" + email, email, name), visitor);
  }

  private Started signedIn(Returned returned, Profile profile, Visitor visitor) {
    String name = returned.provider.name();
    return signIn.begin(userOf(name, profile, visitor), name, visitor);
  }

  private String userOf(String provider, Profile profile, Visitor visitor) {
    Optional<String> linked = links.find(provider, profile.subject());
    if (linked.isPresent() && users.find(linked.get()).isPresent()) {
      return linked.get();
    }
    String said = profile.email();
    String userId =
        said == null ? newcomer(profile) : ownerOf(Users.address(said), profile, visitor);
    links.put(userId, provider, profile.subject());
    audit.note(Action.PROVIDER_LINKED, userId, visitor, Map.of("provider", provider));
    return userId;
  }

  private String ownerOf(String email, Profile profile, Visitor visitor) {
    String userId = newUsers.findOrAdd(email, profile.name());
    int unused = ownership.claim(userId, email, visitor);
    return userId;
  }

  /** Nobody knows an address of theirs, so no account that there is can be theirs. */
  private String newcomer(Profile profile) {
    return newUsers
        .addWithoutAddress(profile.name())
        .orElseThrow(() ->
            new PylonException(
                OAuthError.OAUTH_EMAIL_UNVERIFIED,
                "The provider knows no address that is verified to be yours"));
  }
}
