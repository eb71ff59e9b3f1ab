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
          CREATE TABLE IF NOT EXISTS _pylon_org_invites (
            id TEXT PRIMARY KEY NOT NULL,
            org_id TEXT NOT NULL,
            email TEXT NOT NULL,
            role TEXT NOT NULL,
            invited_by TEXT NOT NULL,
            token_hash TEXT NOT NULL,
            token_prefix TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            accepted_at BIGINT)\
          """,
          "CREATE INDEX IF NOT EXISTS _pylon_org_invites_org ON _pylon_org_invites (org_id)",
          "CREATE INDEX IF NOT EXISTS _pylon_org_invites_hash"
              + " ON _pylon_org_invites (token_hash)",
          """
          CREATE TABLE IF NOT EXISTS _pylon_magic_codes (
            email TEXT PRIMARY KEY NOT NULL,
            code TEXT NOT NULL,
            expires_at BIGINT NOT NULL,
            attempts BIGINT NOT NULL)\
          """,
          """
          CREATE TABLE IF NOT EXISTS _pylon_accounts (
            id TEXT PRIMARY KEY NOT NULL,
            user_id TEXT NOT NULL,
            provider_id TEXT NOT NULL,
            account_id TEXT NOT NULL,
            access_token TEXT,
            refresh_token TEXT,
            id_token TEXT,
            access_token_expires_at BIGINT,
            refresh_token_expires_at BIGINT,
            scope TEXT,
            password TEXT,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            UNIQUE (provider_id, account_id))\
          """,
          """
          CREATE TABLE IF NOT EXISTS _pylon_oauth_state (
            token TEXT PRIMARY KEY NOT NULL,
            provider TEXT NOT NULL,
            callback_url TEXT NOT NULL,
            error_callback_url TEXT NOT NULL,
            pkce_verifier TEXT,
            expires_at BIGINT NOT NULL)\
          """,
          """
          CREATE TABLE IF NOT EXISTS _pylon_verification_tokens (
            id TEXT PRIMARY KEY NOT NULL,
            kind TEXT NOT NULL,
            email TEXT NOT NULL,
            user_id TEXT,
            payload TEXT,
            token_hash TEXT NOT NULL,
            token_prefix TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            consumed_at BIGINT)\
          """,
          "CREATE INDEX IF NOT EXISTS _pylon_verification_tokens_hash"
              + " ON _pylon_verification_tokens (token_hash)",
          """
          CREATE TABLE IF NOT EXISTS _pylon_api_keys (
            id TEXT PRIMARY KEY NOT NULL,
            user_id TEXT NOT NULL,
            name TEXT NOT NULL,
            prefix TEXT NOT NULL,
            secret_hash TEXT NOT NULL,
            scopes TEXT,
            expires_at BIGINT,
            last_used_at BIGINT,
            created_at BIGINT NOT NULL)\
          """,
          "CREATE INDEX IF NOT EXISTS _pylon_api_keys_user ON _pylon_api_keys (user_id)",
          """
          CREATE TABLE IF NOT EXISTS _pylon_totp (
            user_id TEXT PRIMARY KEY NOT NULL,
            secret TEXT,
            pending TEXT,
            last_step BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            verified_at BIGINT)\
          """,
          """
          CREATE TABLE IF NOT EXISTS _pylon_totp_backup_codes (
            user_id TEXT NOT NULL,
            code_hash TEXT NOT NULL,
            PRIMARY KEY (user_id, code_hash))\
          """,
          """
          CREATE TABLE IF NOT EXISTS _pylon_sign_in_challenges (
            token_hash TEXT PRIMARY KEY NOT NULL,
            user_id TEXT NOT NULL,
            method TEXT NOT NULL,
            attempts BIGINT NOT NULL,
            expires_at BIGINT NOT NULL)\
          """,
          """
          CREATE TABLE IF NOT EXISTS _pylon_trusted_devices (
            token TEXT PRIMARY KEY NOT NULL,
            id TEXT NOT NULL UNIQUE,
            user_id TEXT NOT NULL,
            label TEXT,
            created_at TEXT NOT NULL,
            expires_at TEXT NOT NULL)\
          """,
          "CREATE INDEX IF NOT EXISTS _pylon_trusted_devices_user"
              + " ON _pylon_trusted_devices (user_id)",
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
    addColumn(session, "_pylon_oauth_state", "browser");
    SessionTable.hideTokens(session);
    TrustedDevices.hideTokens(session);
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
