package dev.pylon.auth;

import dev.pylon.auth.AuditEvent.Action;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.model.PylonException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Organisations in our own tables: who made them, who belongs to them, and as what. There is always
 * an owner. Who does not belong to one is not told that it exists. Thread-safe.
 */
public final class Organizations {
  private static final int NAME_CHARS_MAX = 100;

  /** Organisations one user may make. */
  private static final int MADE_MAX = 100;

  private static final String ORG_COLUMNS = "o.id, o.name, o.created_at, m.role";

  private final Vault vault;
  private final Audit audit;
  private final InstantSource clock;
  private final IdentityCache remembered;

  Organizations(Vault vault, Audit audit, InstantSource clock, IdentityCache remembered) {
    this.vault = vault;
    this.audit = audit;
    this.clock = clock;
    this.remembered = remembered;
  }

  /**
   * An organisation, as one of its members sees it.
   *
   * @param createdAt epoch seconds
   * @param role what the member is
   */
  public record Org(String id, String name, long createdAt, OrgRole role) {}

  /**
   * @param joinedAt epoch seconds
   */
  public record Member(String userId, OrgRole role, long joinedAt) {}

  /**
   * Makes an organisation of which {@code userId} is the owner.
   *
   * @throws PylonException {@link AuthError#MISSING_NAME}, {@link AuthError#RATE_LIMITED}
   */
  public Org make(String userId, String name, Visitor visitor) {
    String shown = name.strip();
    if (shown.isEmpty()
        || shown.length() > NAME_CHARS_MAX
        || shown.chars().anyMatch(Character::isISOControl)) {
      throw new PylonException(
          AuthError.MISSING_NAME, "name takes 1 to %d characters".formatted(NAME_CHARS_MAX));
    }
    var org =
        new Org("org_" + Secrets.hex(16), shown, clock.instant().getEpochSecond(), OrgRole.OWNER);
    int made =
        vault.write(session -> {
          int count =
              session.execute(
                  Sql.of(
                      """
                      INSERT INTO _pylon_orgs (id, name, created_by, created_at)
                        SELECT ?, ?, ?, ? WHERE
                          (SELECT count(*) FROM _pylon_orgs WHERE created_by = ?) < ?\
                      """,
                      org.id(),
                      org.name(),
                      userId,
                      org.createdAt(),
                      userId,
                      MADE_MAX));
          return count == 0 ? 0 : join(session, org.id(), userId, OrgRole.OWNER, org.createdAt());
        });
    if (made == 0) {
      throw new PylonException(
              AuthError.RATE_LIMITED,
              "At most %d organizations; delete one first".formatted(MADE_MAX))
          .with("retry_after_secs", 60L);
    }
    audit.noteIn(org.id(), Action.ORG_MADE, userId, visitor, Map.of());
    return org;
  }

  static int join(Session session, String orgId, String userId, OrgRole role, long now) {
    return session.execute(
        Sql.of(
            "INSERT INTO _pylon_org_members (org_id, user_id, role, joined_at)"
                + " VALUES (?, ?, ?, ?) ON CONFLICT (org_id, user_id) DO NOTHING",
            orgId,
            userId,
            role.text(),
            now));
  }

  /** The organisations of a user, the newest first. */
  public List<Org> list(String userId) {
    return vault.read(session ->
        session.list(
            Sql.of(
                "SELECT "
                    + ORG_COLUMNS
                    + " FROM _pylon_org_members m JOIN _pylon_orgs o ON o.id = m.org_id"
                    + " WHERE m.user_id = ? ORDER BY o.created_at DESC, o.id",
                userId),
            row ->
                new Org(
                    row.requiredText(0),
                    row.requiredText(1),
                    row.integer(2),
                    OrgRole.of(row.requiredText(3)))));
  }

  /**
   * An organisation of {@code userId}.
   *
   * @throws PylonException {@link AuthError#ORG_NOT_FOUND} also where they do not belong to it
   */
  public Org find(String orgId, String userId) {
    return vault
        .read(session ->
            session.one(
                Sql.of(
                    "SELECT "
                        + ORG_COLUMNS
                        + " FROM _pylon_org_members m JOIN _pylon_orgs o ON o.id = m.org_id"
                        + " WHERE m.org_id = ? AND m.user_id = ?",
                    orgId,
                    userId),
                row ->
                    new Org(
                        row.requiredText(0),
                        row.requiredText(1),
                        row.integer(2),
                        OrgRole.of(row.requiredText(3)))))
        .orElseThrow(Organizations::notFound);
  }

  private static PylonException notFound() {
    return new PylonException(AuthError.ORG_NOT_FOUND, "Organization not found");
  }

  /** The same of who looks after it: an owner or an admin. */
  Org requireKeeper(String orgId, String userId) {
    Org org = find(orgId, userId);
    if (org.role() == OrgRole.MEMBER) {
      throw forbidden("This is for owners and admins of the organization");
    }
    return org;
  }

  static PylonException forbidden(String why) {
    return new PylonException(AuthError.FORBIDDEN, why);
  }

  /** Ends an organisation; what the application keeps of it is the application's. */
  public void delete(String orgId, String userId, Visitor visitor) {
    if (find(orgId, userId).role() != OrgRole.OWNER) {
      throw forbidden("This is for owners of the organization");
    }
    List<Member> members = members(orgId, userId);
    int unused = vault.write(session -> delete(session, orgId));
    members.forEach(member -> remembered.forgetUser(member.userId()));
    audit.noteIn(orgId, Action.ORG_DELETED, userId, visitor, Map.of());
  }

  static int delete(Session session, String orgId) {
    session.execute(Sql.of("DELETE FROM _pylon_org_invites WHERE org_id = ?", orgId));
    session.execute(Sql.of("DELETE FROM _pylon_org_members WHERE org_id = ?", orgId));
    return session.execute(Sql.of("DELETE FROM _pylon_orgs WHERE id = ?", orgId));
  }

  /** Who belongs to it, the longest first. */
  public List<Member> members(String orgId, String userId) {
    Org unused = find(orgId, userId);
    return vault.read(session ->
        session.list(
            Sql.of(
                "SELECT user_id, role, joined_at FROM _pylon_org_members WHERE org_id = ?"
                    + " ORDER BY joined_at, user_id",
                orgId),
            row ->
                new Member(row.requiredText(0), OrgRole.of(row.requiredText(1)), row.integer(2))));
  }

  /**
   * Makes {@code member} something else. Owners are made and unmade by owners alone.
   *
   * @throws PylonException {@link AuthError#ORG_NOT_FOUND}, {@link AuthError#NOT_A_MEMBER}, {@link
   *     AuthError#LAST_OWNER}, {@code FORBIDDEN}
   */
  public void change(String orgId, String userId, String member, OrgRole role, Visitor visitor) {
    Org org = requireKeeper(orgId, userId);
    OrgRole before = roleOf(orgId, member);
    if (org.role() != OrgRole.OWNER && (role == OrgRole.OWNER || before == OrgRole.OWNER)) {
      throw forbidden("only owners can promote a member to owner, or demote one");
    }
    replace(orgId, member, role);
    audit.noteIn(
        orgId,
        Action.ORG_ROLE_CHANGED,
        member,
        visitor,
        Map.of("from", before.text(), "to", role.text()));
  }

  /**
   * Takes {@code member} out; everybody may take out themselves.
   *
   * @throws PylonException as {@link #change}
   */
  public void remove(String orgId, String userId, String member, Visitor visitor) {
    Org org = find(orgId, userId);
    if (!member.equals(userId)) {
      requireKeeper(orgId, userId);
      if (roleOf(orgId, member) == OrgRole.OWNER && org.role() != OrgRole.OWNER) {
        throw forbidden("only owners can remove an owner");
      }
    }
    replace(orgId, member, null);
    audit.noteIn(orgId, Action.ORG_LEFT, member, visitor, Map.of());
  }

  private OrgRole roleOf(String orgId, String member) {
    return vault
        .read(session ->
            session.one(
                Sql.of(
                    "SELECT role FROM _pylon_org_members WHERE org_id = ? AND user_id = ?",
                    orgId,
                    member),
                row -> OrgRole.of(row.requiredText(0))))
        .orElseThrow(
            () -> new PylonException(AuthError.MEMBER_NOT_FOUND, "There is no such member"));
  }

  /** Changes a member's role, or takes them out where it is null; the last owner stays one. */
  private void replace(String orgId, String member, @Nullable OrgRole role) {
    boolean done =
        vault.write(session -> {
          // Two owners who unmake each other take turns on this row, so one of them stays.
          session.execute(Sql.of("UPDATE _pylon_orgs SET name = name WHERE id = ?", orgId));
          if (role != OrgRole.OWNER && isLastOwner(session, orgId, member)) {
            return false;
          }
          if (role != OrgRole.OWNER) {
            // What they could give away they can give no more.
            session.execute(
                Sql.of(
                    "DELETE FROM _pylon_org_invites"
                        + " WHERE org_id = ? AND invited_by = ? AND accepted_at IS NULL",
                    orgId,
                    member));
          }
          session.execute(
              role == null
                  ? Sql.of(
                      "DELETE FROM _pylon_org_members WHERE org_id = ? AND user_id = ?",
                      orgId,
                      member)
                  : Sql.of(
                      "UPDATE _pylon_org_members SET role = ? WHERE org_id = ? AND user_id = ?",
                      role.text(),
                      orgId,
                      member));
          return true;
        });
    if (!done) {
      throw new PylonException(
          AuthError.LAST_OWNER,
          "The organization must keep an owner; make somebody else one first");
    }
    remembered.forgetUser(member);
  }

  private static boolean isLastOwner(Session session, String orgId, String member) {
    List<String> owners =
        session.list(
            Sql.of(
                "SELECT user_id FROM _pylon_org_members WHERE org_id = ? AND role = 'owner'"
                    + " LIMIT 2",
                orgId),
            row -> row.requiredText(0));
    return owners.equals(List.of(member));
  }

  /**
   * The name of an organisation that would be without an owner if {@code userId} left, though
   * others belong to it.
   */
  Optional<String> ownedWithOthers(String userId) {
    return vault.read(session ->
        session.one(
            Sql.of(
                """
                SELECT o.name FROM _pylon_org_members m JOIN _pylon_orgs o ON o.id = m.org_id
                  WHERE m.user_id = ? AND m.role = 'owner'
                    AND NOT EXISTS (SELECT 1 FROM _pylon_org_members x
                      WHERE x.org_id = m.org_id AND x.role = 'owner' AND x.user_id <> m.user_id)
                    AND EXISTS (SELECT 1 FROM _pylon_org_members x
                      WHERE x.org_id = m.org_id AND x.user_id <> m.user_id)\
                """,
                userId),
            row -> row.requiredText(0)));
  }

  /** Takes a user out of all organisations; those that nobody is left in end. */
  static int forget(Session session, String userId) {
    List<String> alone =
        session.list(
            Sql.of(
                """
                SELECT m.org_id FROM _pylon_org_members m WHERE m.user_id = ?
                  AND NOT EXISTS (SELECT 1 FROM _pylon_org_members x
                    WHERE x.org_id = m.org_id AND x.user_id <> m.user_id)\
                """,
                userId),
            row -> row.requiredText(0));
    alone.forEach(orgId -> delete(session, orgId));
    session.execute(Sql.of("DELETE FROM _pylon_org_invites WHERE invited_by = ?", userId));
    return session.execute(Sql.of("DELETE FROM _pylon_org_members WHERE user_id = ?", userId));
  }
}
