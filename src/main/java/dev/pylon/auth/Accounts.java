package dev.pylon.auth;

import dev.pylon.auth.IdentityCache.Known;
import dev.pylon.auth.jwt.Bearers;
import dev.pylon.auth.jwt.Bearers.Bearer;
import dev.pylon.auth.jwt.JwtError;
import dev.pylon.auth.passwords.Hashing;
import dev.pylon.db.Database;
import dev.pylon.email.Mailer;
import dev.pylon.model.Deadline;
import dev.pylon.model.IdSource;
import dev.pylon.model.Identity;
import dev.pylon.model.PylonException;
import dev.pylon.store.Change;
import dev.pylon.store.CommitListener;
import dev.pylon.store.Store;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * People with accounts, and guests: everything about signing in, over one {@link Vault}, which it
 * does not close. Thread-safe.
 */
public final class Accounts {
  /** Where nodes that share a database tell each other what to forget. */
  public static final String NODES = "pylon_identities";

  private final InstantSource clock;
  private final IdentityCache remembered;
  private final Hashing hashing = new Hashing();
  private final Users users;
  private final Orgs orgs;
  private final Sessions sessions;
  private final ApiKeys keys;
  private final Bearers bearers;
  private final Audit audit;
  private final TrustedDevices devices;
  private final SecondFactors factors;
  private final SignIn signIn;
  private final Passwords passwords;
  private final PasswordResets resets;
  private final Proofs proofs;
  private final Letters letters;
  private final MagicLinks magicLinks;
  private final AddressChanges addressChanges;
  private final Organizations organizations;
  private final Invites invites;
  private final AccountEnd ending;
  private final Keepsakes keepsakes;
  private final OAuthSignIn oauth;

  /**
   * What the operator says.
   *
   * @param keyPepper mixed into API keys before they are kept; null where none is set
   * @param publicUrl what links in letters begin with
   * @param secondFactors how second factors are kept and shown
   * @param words other words for letters, under names such as {@code MAGIC_CODE_SUBJECT}
   * @param bearers JSON web tokens that are believed
   * @param oauth other providers that people sign in with
   */
  public record Settings(
      Mailer mailer,
      Breaches breaches,
      @Nullable String keyPepper,
      String publicUrl,
      SecondFactors.Settings secondFactors,
      Map<String, String> words,
      Bearers bearers,
      OAuthSignIn.Settings oauth) {
    public Settings {
      words = Map.copyOf(words);
    }
  }

  /**
   * @param store empty while there is nothing to serve
   */
  public Accounts(
      Vault vault,
      Supplier<Optional<Store>> store,
      Settings settings,
      IdSource ids,
      InstantSource clock) {
    this.clock = clock;
    this.remembered = new IdentityCache(words -> vault.tell(NODES, words));
    this.users = new Users(store);
    this.orgs = new Orgs(vault, users);
    this.sessions = new Sessions(vault, clock, () -> users.settings().sessionSeconds(), remembered);
    this.keys = new ApiKeys(vault, clock, remembered, settings.keyPepper());
    this.bearers = settings.bearers();
    this.audit = new Audit(vault, ids, clock);
    this.devices = new TrustedDevices(vault, clock, remembered);
    this.factors = new SecondFactors(vault, users, devices, audit, settings.secondFactors(), clock);
    this.signIn =
        new SignIn(
            sessions, new Guests(users), factors, devices, new Challenges(vault, clock), audit);
    var newUsers = new NewUsers(users, clock);
    this.letters =
        new Letters(
            settings.mailer(), new Letters.Settings(settings.publicUrl(), settings.words()));
    var tokens = new LetterTokens(vault, clock);
    var passwordStore = new PasswordStore(vault, users, clock);
    var links = new Links(vault, clock);
    var ownership = new Ownership(vault, users, passwordStore, links, sessions, factors, audit);
    this.passwords =
        new Passwords(
            users,
            newUsers,
            passwordStore,
            hashing,
            settings.breaches(),
            sessions,
            devices,
            signIn,
            audit);
    this.resets = new PasswordResets(users, letters, tokens, passwords, ownership);
    this.proofs =
        new Proofs(users, newUsers, ownership, new Codes(vault, clock), letters, signIn, audit);
    this.magicLinks = new MagicLinks(newUsers, ownership, tokens, letters, signIn, audit);
    this.addressChanges =
        new AddressChanges(vault, users, newUsers, ownership, passwords, tokens, letters, audit);
    this.organizations = new Organizations(vault, audit, clock, remembered);
    this.invites = new Invites(vault, users, organizations, letters, audit, clock, remembered);
    this.ending = new AccountEnd(vault, users, organizations, remembered, audit);
    this.keepsakes = new Keepsakes(vault);
    this.oauth =
        new OAuthSignIn(
            settings.oauth(),
            new OAuthStates(vault, clock),
            new OAuthSignIn.Rooms(users, newUsers, ownership, links, signIn, audit));
  }

  public Users users() {
    return users;
  }

  public Orgs orgs() {
    return orgs;
  }

  public Sessions sessions() {
    return sessions;
  }

  public ApiKeys keys() {
    return keys;
  }

  public Bearers bearers() {
    return bearers;
  }

  public Audit audit() {
    return audit;
  }

  public SignIn signIn() {
    return signIn;
  }

  public SecondFactors factors() {
    return factors;
  }

  public TrustedDevices devices() {
    return devices;
  }

  public Passwords passwords() {
    return passwords;
  }

  public PasswordResets resets() {
    return resets;
  }

  public Proofs proofs() {
    return proofs;
  }

  public MagicLinks magicLinks() {
    return magicLinks;
  }

  public AddressChanges addressChanges() {
    return addressChanges;
  }

  public Organizations organizations() {
    return organizations;
  }

  public Invites invites() {
    return invites;
  }

  public AccountEnd ending() {
    return ending;
  }

  public Keepsakes keepsakes() {
    return keepsakes;
  }

  public OAuthSignIn oauth() {
    return oauth;
  }

  /**
   * Who stands behind {@code token}; empty for an unknown one.
   *
   * @throws PylonException {@link AuthError#INVALID_API_KEY} for a key that does not hold: programs
   *     are told, for they would not notice that they are nobody; a {@link JwtError} likewise
   */
  Optional<Identity> identify(String token) {
    if (Sessions.isToken(token)) {
      return known(token, () -> sessions.find(token).map(this::ofSession));
    }
    if (ApiKeys.isKey(token)) {
      return Optional.of(
          known(token, () -> keys.find(token).map(this::ofKey))
              .orElseThrow(() ->
                  new PylonException(
                      AuthError.INVALID_API_KEY,
                      "Bearer token is malformed, expired, or revoked")));
    }
    return bearers.take(token) ? Optional.of(ofBearer(token)) : Optional.empty();
  }

  /** What is remembered of a token ends with it; who checks it bears with clocks that differ. */
  private Identity ofBearer(String token) {
    Supplier<Optional<Known>> look = () -> Optional.of(ofBearer(bearers.verify(token)));
    return known(Secrets.hash(token), look)
        .orElseGet(() -> ofBearer(bearers.verify(token)).identity());
  }

  private Known ofBearer(Bearer bearer) {
    Identity said = bearer.identity();
    String userId = said.userId();
    String email =
        said.email() == null && userId != null ? users.email(userId).orElse(null) : said.email();
    var identity = new Identity(userId, false, said.tenantId(), said.roles(), false, email, null);
    return new Known(identity, "jwt", bearer.expiresAt());
  }

  /**
   * Somebody as a session of theirs would make them.
   *
   * @param tenantId taken as it is said; their roles are those that they have there
   */
  Identity person(String userId, @Nullable String tenantId) {
    List<String> roles = tenantId == null ? List.of() : orgs.roles(userId, tenantId);
    return new Identity(
        userId, false, tenantId, roles, false, users.email(userId).orElse(null), null);
  }

  private Optional<Identity> known(String token, Supplier<Optional<Known>> look) {
    return remembered
        .find(token, look)
        .filter(known -> known.endsAt() > clock.instant().getEpochSecond())
        .map(Known::identity);
  }

  /** A tenant that the user has left is not theirs any more. */
  private Known ofSession(UserSession session) {
    String userId = session.userId();
    String selected = session.tenantId();
    String tenant = selected != null && orgs.isMember(userId, selected) ? selected : null;
    return new Known(person(userId, tenant), session.hash(), session.expiresAt());
  }

  private Known ofKey(ApiKey key) {
    var identity =
        new Identity(
            key.userId(),
            false,
            null,
            List.of(),
            false,
            users.email(key.userId()).orElse(null),
            new Identity.Key(key.id(), key.scopes()));
    Long expiresAt = key.expiresAt();
    return new Known(identity, key.id(), expiresAt == null ? Long.MAX_VALUE : expiresAt);
  }

  /** Hears of commits: whose address has changed, and who is gone, is looked at anew. */
  public CommitListener listener() {
    return changes -> {
      String entity = users.settings().userEntity();
      var added = new HashSet<String>();
      for (Change change : changes) {
        if (!change.entity().equals(entity)) {
          continue;
        }
        if (change.kind() == Change.Kind.INSERT) {
          added.add(change.rowId());
        } else if (change.kind() == Change.Kind.DELETE || change.fields().contains(Users.EMAIL)) {
          remembered.forgetUser(change.rowId());
        }
      }
      remembered.forgetUsersHere(added);
    };
  }

  /** Hears what other nodes tell on {@link #NODES}: who stands behind a token is looked up anew. */
  public Database.Ear otherNodes() {
    return new Database.Ear() {
      @Override
      public void begin() {
        remembered.forgetAllHere();
      }

      @Override
      public void heard(String words) {
        remembered.forgetHere(words);
      }
    };
  }

  /** Ends what is under way: hashes at once, letters by {@code deadline}. */
  public void close(Deadline deadline) {
    letters.close(deadline);
    hashing.close();
  }
}
