package dev.pylon.auth;

import dev.pylon.db.Columns;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The statements about sessions. Every method runs in the database session it is given. */
final class SessionTable {
  /** What a token begins with; nothing else is looked for in the table. */
  static final String TOKEN_PREFIX = "pylon_";

  /** Characters of a token by which people tell sessions apart. */
  static final int SHOWN_CHARS = 8;

  /** Sessions of one user; the oldest end where another begins. */
  private static final int SESSIONS_MAX = 100;

  private static final String COLUMNS =
      "token, token_prefix, user_id, tenant_id, device, created_at, expires_at";

  private SessionTable() {}

  static int insert(Session database, UserSession session) {
    database.execute(
        Sql.of(
            "INSERT INTO _pylon_sessions (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?)",
            session.hash(),
            session.prefix(),
            session.userId(),
            session.tenantId(),
            session.device(),
            session.createdAt(),
            session.expiresAt()));
    return database.execute(
        Sql.of(
            """
            DELETE FROM _pylon_sessions WHERE user_id = ? AND token NOT IN (
              SELECT token FROM _pylon_sessions WHERE user_id = ?
                ORDER BY created_at DESC, token LIMIT ?)\
            """,
            session.userId(),
            session.userId(),
            SESSIONS_MAX));
  }

  /** Goes by the primary key. */
  static Optional<UserSession> find(Session database, String hash, long now) {
    return database.one(
        Sql.of(
            "SELECT " + COLUMNS + " FROM _pylon_sessions WHERE token = ? AND expires_at > ?",
            hash,
            now),
        SessionTable::session);
  }

  /** Of a user, or of everybody; the newest first. */
  static List<UserSession> list(Session database, @Nullable String userId, long now, int max) {
    return database.list(
        Sql.of(
            "SELECT "
                + COLUMNS
                + " FROM _pylon_sessions WHERE user_id = coalesce(?, user_id) AND expires_at > ?"
                + " ORDER BY created_at DESC, token LIMIT ?",
            userId,
            now,
            max),
        SessionTable::session);
  }

  static int delete(Session database, String hash) {
    return database.execute(Sql.of("DELETE FROM _pylon_sessions WHERE token = ?", hash));
  }

  static int deleteAll(Session database) {
    return database.execute(Sql.of("DELETE FROM _pylon_sessions"));
  }

  static int deleteOf(Session database, String userId, long now) {
    database.execute(
        Sql.of("DELETE FROM _pylon_sessions WHERE user_id = ? AND expires_at <= ?", userId, now));
    return database.execute(Sql.of("DELETE FROM _pylon_sessions WHERE user_id = ?", userId));
  }

  /** Goes by {@code _pylon_sessions_end}. */
  static int deleteEnded(Session database, long now) {
    return database.execute(Sql.of("DELETE FROM _pylon_sessions WHERE expires_at <= ?", now));
  }

  /** Gives the session to another user, who has not selected a tenant yet. */
  static int give(Session database, String hash, String userId, long now) {
    return database.execute(
        Sql.of(
            "UPDATE _pylon_sessions SET user_id = ?, tenant_id = NULL"
                + " WHERE token = ? AND expires_at > ?",
            userId,
            hash,
            now));
  }

  static int select(Session database, String hash, @Nullable String tenantId, long now) {
    return database.execute(
        Sql.of(
            "UPDATE _pylon_sessions SET tenant_id = ? WHERE token = ? AND expires_at > ?",
            tenantId,
            hash,
            now));
  }

  /** Puts hashes in the place of tokens that an earlier server kept as they were. */
  static void hideTokens(Session database) {
    List<String> clear =
        database.list(
            Sql.of("SELECT token FROM _pylon_sessions WHERE token LIKE 'pylon%'"),
            row -> row.requiredText(0));
    for (String token : clear) {
      database.execute(
          Sql.of(
              "UPDATE _pylon_sessions SET token = ?, token_prefix = ? WHERE token = ?",
              Secrets.hash(token),
              token.substring(0, Math.min(SHOWN_CHARS, token.length())),
              token));
    }
  }

  private static UserSession session(Columns row) {
    return new UserSession(
        row.requiredText(0),
        row.text(1),
        row.requiredText(2),
        row.text(3),
        row.text(4),
        row.integer(5),
        row.integer(6));
  }
}
