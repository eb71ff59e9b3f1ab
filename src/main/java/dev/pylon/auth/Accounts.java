package dev.pylon.auth;

import dev.pylon.auth.IdentityCache.Known;
import dev.pylon.model.IdSource;
import dev.pylon.model.Identity;
import dev.pylon.store.Change;
import dev.pylon.store.CommitListener;
import dev.pylon.store.Store;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * People with accounts, and guests: everything about signing in, over one {@link Vault}.
 * Thread-safe. Does not close the vault.
 */
public final class Accounts {
  private final InstantSource clock;
  private final IdentityCache remembered = new IdentityCache();
  private final Users users;
  private final Orgs orgs;
  private final Sessions sessions;
  private final Audit audit;
  private final SignIn signIn;

  /**
   * @param store empty while there is nothing to serve
   */
  public Accounts(Vault vault, Supplier<Optional<Store>> store, IdSource ids, InstantSource clock) {
    this.clock = clock;
    this.users = new Users(store);
    this.orgs = new Orgs(vault, users);
    this.sessions = new Sessions(vault, clock, () -> users.settings().sessionSeconds(), remembered);
    this.audit = new Audit(vault, ids, clock);
    this.signIn = new SignIn(sessions, new Guests(users), audit);
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

  public Audit audit() {
    return audit;
  }

  public SignIn signIn() {
    return signIn;
  }

  /** Who stands behind {@code token}; empty for an unknown one. */
  Optional<Identity> identify(String token) {
    if (!Sessions.isToken(token)) {
      return Optional.empty();
    }
    return remembered
        .find(token, () -> sessions.find(token).map(this::known))
        .filter(known -> known.endsAt() > clock.instant().getEpochSecond())
        .map(Known::identity);
  }

  private Known known(UserSession session) {
    return new Known(
        identity(session.userId(), session.tenantId()), session.hash(), session.expiresAt());
  }

  /** Who {@code userId} is, as far as we know. A tenant they have left is not theirs any more. */
  private Identity identity(String userId, @Nullable String selected) {
    String tenant = selected != null && orgs.isMember(userId, selected) ? selected : null;
    List<String> roles = tenant == null ? List.of() : orgs.roles(userId, tenant);
    return new Identity(
        userId, false, tenant, roles, false, users.email(userId).orElse(null), null);
  }

  /** Hears of commits: whose address has changed, and who is gone, is looked at anew. */
  public CommitListener listener() {
    return changes -> {
      String entity = users.settings().userEntity();
      for (Change change : changes) {
        if (change.entity().equals(entity)
            && (change.kind() == Change.Kind.DELETE || change.fields().contains(Users.EMAIL))) {
          remembered.forgetUser(change.rowId());
        }
      }
    };
  }
}
