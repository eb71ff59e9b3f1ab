package dev.pylon.auth;

import dev.pylon.db.Sql;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import java.util.List;
import java.util.Map;

/**
 * Who belongs to which tenant: by rows of the application's {@code OrgMember}, or by our own tables
 * of organisations. Roles come from our own tables alone, which no user of an application can
 * write. Thread-safe.
 */
public final class Orgs {
  /** The application's entity, if it has one with these two fields. */
  private static final String MEMBERS = "OrgMember";

  private static final String USER = "userId";
  private static final String ORG = "orgId";

  private final Vault vault;
  private final Users users;

  Orgs(Vault vault, Users users) {
    this.vault = vault;
    this.users = users;
  }

  /**
   * Whether {@code userId} belongs to {@code orgId}.
   *
   * @throws PylonException {@link AuthError#LOOKUP_FAILED}
   */
  public boolean isMember(String userId, String orgId) {
    try {
      return !roles(userId, orgId).isEmpty() || isMemberByRows(userId, orgId);
    } catch (PylonException e) {
      throw new PylonException(AuthError.LOOKUP_FAILED, "Membership could not be looked up", e);
    }
  }

  private boolean isMemberByRows(String userId, String orgId) {
    boolean asks = users.manifest().entity(MEMBERS).filter(Orgs::tellsMembers).isPresent();
    return asks
        && !users.rows().query(MEMBERS, Map.of(USER, userId, ORG, orgId, "$limit", 1L)).isEmpty();
  }

  private static boolean tellsMembers(Entity entity) {
    return entity.field(USER).isPresent() && entity.field(ORG).isPresent();
  }

  /** What {@code userId} is in {@code orgId}, such as {@code owner}; empty for a stranger. */
  List<String> roles(String userId, String orgId) {
    return vault.read(session ->
        session.list(
            Sql.of(
                "SELECT role FROM _pylon_org_members WHERE org_id = ? AND user_id = ?",
                orgId,
                userId),
            row -> row.requiredText(0)));
  }
}
