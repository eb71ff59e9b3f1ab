package dev.pylon.auth;

import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.db.Table;
import java.util.List;

/**
 * The tables of the {@link Vault} (data contract, 2.5). They have the names and columns they have
 * always had, so what an earlier server kept is still good; times are epoch seconds.
 */
final class Tables {
  private static final List<String> STATEMENTS =
      List.of(
          """
          CREATE TABLE IF NOT EXISTS _pylon_sessions (
            token TEXT PRIMARY KEY NOT NULL,
            user_id TEXT NOT NULL,
            expires_at BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            device TEXT,
            tenant_id TEXT)\
          """,
          "CREATE INDEX IF NOT EXISTS _pylon_sessions_user ON _pylon_sessions (user_id)",
          "CREATE INDEX IF NOT EXISTS _pylon_sessions_end ON _pylon_sessions (expires_at)",
          """
          CREATE TABLE IF NOT EXISTS _pylon_orgs (
            id TEXT PRIMARY KEY NOT NULL,
            name TEXT NOT NULL,
            created_by TEXT NOT NULL,
            created_at BIGINT NOT NULL)\
          """,
          """
          CREATE TABLE IF NOT EXISTS _pylon_org_members (
            org_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            role TEXT NOT NULL,
            joined_at BIGINT NOT NULL,
            PRIMARY KEY (org_id, user_id))\
          """,
          "CREATE INDEX IF NOT EXISTS _pylon_org_members_user ON _pylon_org_members (user_id)",
          """
          CREATE TABLE IF NOT EXISTS _pylon_audit_events (
            id TEXT PRIMARY KEY NOT NULL,
            created_at BIGINT NOT NULL,
            action TEXT NOT NULL,
            user_id TEXT,
            actor_id TEXT,
            tenant_id TEXT,
            ip TEXT,
            user_agent TEXT,
            success BIGINT NOT NULL,
            reason TEXT,
            metadata_json TEXT)\
          """,
          "CREATE INDEX IF NOT EXISTS _pylon_audit_events_user"
              + " ON _pylon_audit_events (user_id, created_at)",
          "CREATE INDEX IF NOT EXISTS _pylon_audit_events_actor"
              + " ON _pylon_audit_events (actor_id, created_at)",
          "CREATE INDEX IF NOT EXISTS _pylon_audit_events_tenant"
              + " ON _pylon_audit_events (tenant_id, created_at)",
          "CREATE INDEX IF NOT EXISTS _pylon_audit_events_time"
              + " ON _pylon_audit_events (created_at)");

  private Tables() {}

  /** Makes the tables, unless they are there, and hides tokens that an earlier server kept. */
  static boolean prepare(Session session) {
    STATEMENTS.forEach(statement -> session.execute(Sql.of(statement)));
    addColumn(session, "_pylon_sessions", "token_prefix");
    SessionTable.hideTokens(session);
    return true;
  }

  /** Adds a text column to a table that an earlier server made without it. */
  private static void addColumn(Session session, String table, String column) {
    boolean there =
        session.dialect().tables(session).stream()
            .filter(known -> known.name().equals(table))
            .map(Table::columns)
            .flatMap(List::stream)
            .anyMatch(known -> known.name().equals(column));
    if (!there) {
      session.execute(Sql.of("ALTER TABLE %s ADD COLUMN %s TEXT".formatted(table, column)));
    }
  }
}
