package dev.pylon.auth;

import dev.pylon.auth.AuditEvent.Action;
import dev.pylon.auth.Organizations.Org;
import dev.pylon.db.Columns;
import dev.pylon.db.Sql;
import dev.pylon.model.PylonException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Invitations into organisations. Each is for one address, good once and for seven days, and kept
 * after it was accepted. Thread-safe.
 */
public final class Invites {
  private static final Duration LIFETIME = Duration.ofDays(7);
  private static final int TOKEN_BYTES = 32;

  /** Invitations of one organisation that wait. */
  private static final int WAITING_MAX = 1_000;

  private static final String COLUMNS =
      "id, org_id, email, role, invited_by, created_at, expires_at, accepted_at";

  private final Vault vault;
  private final Users users;
  private final Organizations orgs;
  private final Letters letters;
  private final Audit audit;
  private final InstantSource clock;
  private final IdentityCache remembered;

  Invites(
      Vault vault,
      Users users,
      Organizations orgs,
      Letters letters,
      Audit audit,
      InstantSource clock,
      IdentityCache remembered) {
    this.vault = vault;
    this.users = users;
    this.orgs = orgs;
    this.letters = letters;
    this.audit = audit;
    this.clock = clock;
    this.remembered = remembered;
  }

  /** Times are epoch seconds. */
  public record Invite(
      String id,
      String orgId,
      String email,
      OrgRole role,
      String invitedBy,
      long createdAt,
      long expiresAt,
      @Nullable Long acceptedAt) {}

  /**
   * An invitation that is on its way.
   *
   * @param acceptUrl where it is accepted; for who was invited alone, like the token
   */
  public record Sent(Invite invite, String token, String acceptUrl) {}

  private long now() {
    return clock.instant().getEpochSecond();
  }

  /**
   * Invites an address; an earlier invitation of it ends. The letter leaves later.
   *
   * @param email normalized
   * @throws PylonException {@link AuthError#ORG_NOT_FOUND}, {@link AuthError#ALREADY_MEMBER},
   *     {@link AuthError#RATE_LIMITED}, {@code FORBIDDEN}
   */
  public Sent send(String orgId, String userId, String email, OrgRole role, Visitor visitor) {
    Org org = orgs.requireKeeper(orgId, userId);
    if (role == OrgRole.OWNER && org.role() != OrgRole.OWNER) {
      throw Organizations.forbidden("only owners can invite an owner");
    }
    if (users.findByEmail(email).filter(row -> belongs(orgId, row)).isPresent()) {
      throw alreadyMember();
    }
    String token = Secrets.base64(TOKEN_BYTES);
    long now = now();
    var invite =
        new Invite(
            "inv_" + Secrets.hex(16),
            orgId,
            email,
            role,
            userId,
            now,
            now + LIFETIME.toSeconds(),
            null);
    if (!keep(invite, token)) {
      throw new PylonException(
              AuthError.RATE_LIMITED,
              "At most %d invitations; revoke some first".formatted(WAITING_MAX))
          .with("retry_after_secs", 60L);
    }
    letters.later(() -> letters.invitation(email, org.name(), token));
    audit.noteIn(
        orgId,
        Action.ORG_INVITED,
        userId,
        visitor,
        Map.of("invite", invite.id(), "role", role.text()));
    return new Sent(invite, token, letters.invitationUrl(token));
  }

  private boolean belongs(String orgId, Map<String, @Nullable Object> user) {
    return orgs.list(String.valueOf(user.get("id"))).stream()
        .anyMatch(org -> org.id().equals(orgId));
  }

  private boolean keep(Invite invite, String token) {
    return vault.write(session -> {
      session.execute(
          Sql.of(
              "DELETE FROM _pylon_org_invites WHERE org_id = ? AND accepted_at IS NULL"
                  + " AND (email = ? OR expires_at <= ?)",
              invite.orgId(),
              invite.email(),
              invite.createdAt()));
      return session.execute(
          Sql.of(
              """
              INSERT INTO _pylon_org_invites
                  (id, org_id, email, role, invited_by, token_hash, token_prefix,
                   created_at, expires_at)
                SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE
                  (SELECT count(*) FROM _pylon_org_invites
                    WHERE org_id = ? AND accepted_at IS NULL) < ?\
              """,
              invite.id(),
              invite.orgId(),
              invite.email(),
              invite.role().text(),
              invite.invitedBy(),
              Secrets.hash(token),
              token.substring(0, SessionTable.SHOWN_CHARS),
              invite.createdAt(),
              invite.expiresAt(),
              invite.orgId(),
              WAITING_MAX));
    })
        > 0;
  }

  /** Those that wait, the newest first. */
  public List<Invite> list(String orgId, String userId) {
    Org unused = orgs.requireKeeper(orgId, userId);
    return vault.read(session ->
        session.list(
            Sql.of(
                "SELECT "
                    + COLUMNS
                    + " FROM _pylon_org_invites WHERE org_id = ? AND accepted_at IS NULL"
                    + " AND expires_at > ? ORDER BY created_at DESC, id",
                orgId,
                now()),
            Invites::invite));
  }

  /** Takes back an invitation that waits; returns whether there is one of this organisation. */
  public boolean revoke(String orgId, String userId, String id, Visitor visitor) {
    Org unused = orgs.requireKeeper(orgId, userId);
    int ended =
        vault.write(session ->
            session.execute(
                Sql.of(
                    "DELETE FROM _pylon_org_invites"
                        + " WHERE org_id = ? AND id = ? AND accepted_at IS NULL",
                    orgId,
                    id)));
    if (ended > 0) {
      audit.noteIn(orgId, Action.ORG_INVITE_REVOKED, userId, visitor, Map.of("invite", id));
    }
    return ended > 0;
  }

  /**
   * Accepts an invitation of who has signed in with the address it was sent to.
   *
   * @throws PylonException {@link AuthError#INVITE_NOT_FOUND}, {@link AuthError#WRONG_EMAIL},
   *     {@link AuthError#ALREADY_ACCEPTED}, {@link AuthError#INVITE_EXPIRED}, {@link
   *     AuthError#ALREADY_MEMBER}
   */
  public Invite accept(String token, String userId, Visitor visitor) {
    Invite invite = find(token).orElseThrow(Invites::unknown);
    if (users.email(userId).filter(invite.email()::equalsIgnoreCase).isEmpty()) {
      throw new PylonException(
          AuthError.WRONG_EMAIL, "This invitation was sent to another address than yours");
    }
    if (invite.acceptedAt() != null) {
      throw accepted();
    }
    if (invite.expiresAt() <= now()) {
      throw new PylonException(AuthError.INVITE_EXPIRED, "The invitation is too old");
    }
    // Both or neither: who belongs already has not used it up.
    boolean taken =
        vault.write(session -> {
          if (session.execute(
                  Sql.of(
                      "UPDATE _pylon_org_invites SET accepted_at = ?"
                          + " WHERE id = ? AND accepted_at IS NULL",
                      now(),
                      invite.id()))
              == 0) {
            return false;
          }
          if (Organizations.join(session, invite.orgId(), userId, invite.role(), now()) == 0) {
            throw alreadyMember();
          }
          return true;
        });
    if (!taken) {
      throw accepted();
    }
    remembered.forgetUser(userId);
    audit.noteIn(
        invite.orgId(),
        Action.ORG_JOINED,
        userId,
        visitor,
        Map.of("invite", invite.id(), "role", invite.role().text()));
    return invite;
  }

  private Optional<Invite> find(String token) {
    return vault.read(session ->
        session.one(
            Sql.of(
                "SELECT " + COLUMNS + " FROM _pylon_org_invites WHERE token_hash = ?",
                Secrets.hash(token)),
            Invites::invite));
  }

  private static Invite invite(Columns row) {
    return new Invite(
        row.requiredText(0),
        row.requiredText(1),
        row.requiredText(2),
        OrgRole.of(row.requiredText(3)),
        row.requiredText(4),
        row.integer(5),
        row.integer(6),
        row.integerOrNull(7));
  }

  private static PylonException unknown() {
    return new PylonException(AuthError.INVITE_NOT_FOUND, "There is no such invitation");
  }

  private static PylonException accepted() {
    return new PylonException(AuthError.ALREADY_ACCEPTED, "The invitation was accepted before");
  }

  private static PylonException alreadyMember() {
    return new PylonException(
        AuthError.ALREADY_MEMBER, "This person belongs to the organization already");
  }
}
