package dev.pylon.auth;

import dev.pylon.auth.AuditEvent.Action;
import dev.pylon.db.Columns;
import dev.pylon.db.Sql;
import dev.pylon.json.Json;
import dev.pylon.model.IdSource;
import dev.pylon.model.PylonException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What users did with their accounts, kept for a while. Thread-safe. */
public final class Audit {
  private static final System.Logger LOG = System.getLogger(Audit.class.getName());

  private static final Duration KEPT = Duration.ofDays(365);
  private static final long BETWEEN_SWEEPS_SECONDS = 3_600;

  /** What others say of themselves is cut. */
  private static final int CHARS_MAX = 300;

  private static final String COLUMNS =
      "id, created_at, action, user_id, actor_id, tenant_id, ip, user_agent, success, reason,"
          + " metadata_json";

  private final Vault vault;
  private final IdSource ids;
  private final InstantSource clock;
  private final AtomicLong sweptAt = new AtomicLong();

  Audit(Vault vault, IdSource ids, InstantSource clock) {
    this.vault = vault;
    this.ids = ids;
    this.clock = clock;
  }

  /** Writes down what {@code visitor} did. */
  public void note(Action action, @Nullable String userId, Visitor visitor) {
    note(action, userId, visitor, Map.of());
  }

  /** The same with more to know, in which there is no secret. */
  public void note(
      Action action, @Nullable String userId, Visitor visitor, Map<String, String> more) {
    write(visitor.identity().tenantId(), action, userId, visitor, null, more);
  }

  /** The same about a tenant, whichever one {@code visitor} has selected. */
  void noteIn(
      String tenantId,
      Action action,
      @Nullable String userId,
      Visitor visitor,
      Map<String, String> more) {
    write(tenantId, action, userId, visitor, null, more);
  }

  /** Writes down what {@code visitor} tried. */
  public void noteFailure(Action action, @Nullable String userId, Visitor visitor, String reason) {
    write(visitor.identity().tenantId(), action, userId, visitor, reason, Map.of());
  }

  /** What has happened stays, even where it cannot be written down: then the log says so. */
  private void write(
      @Nullable String tenantId,
      Action action,
      @Nullable String userId,
      Visitor visitor,
      @Nullable String reason,
      Map<String, String> more) {
    long now = clock.instant().getEpochSecond();
    try {
      sweep(now);
      int unused =
          vault.write(session ->
              session.execute(
                  Sql.of(
                      "INSERT INTO _pylon_audit_events ("
                          + COLUMNS
                          + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      ids.rowId(),
                      now,
                      action.name().toLowerCase(Locale.ROOT),
                      userId,
                      visitor.identity().userId(),
                      tenantId,
                      visitor.address(),
                      cut(visitor.userAgent()),
                      reason == null ? 1L : 0L,
                      reason,
                      more.isEmpty() ? null : Json.text(more))));
    } catch (PylonException e) {
      LOG.log(System.Logger.Level.WARNING, "not in the audit table action=" + action, e);
    }
  }

  private static @Nullable String cut(@Nullable String text) {
    return text == null || text.length() <= CHARS_MAX ? text : text.substring(0, CHARS_MAX);
  }

  /** Removes what is too old, now and then. Goes by {@code _pylon_audit_events_time}. */
  private void sweep(long now) {
    long swept = sweptAt.get();
    if (now - swept >= BETWEEN_SWEEPS_SECONDS && sweptAt.compareAndSet(swept, now)) {
      int unused =
          vault.write(session ->
              session.execute(
                  Sql.of(
                      "DELETE FROM _pylon_audit_events WHERE created_at < ?",
                      now - KEPT.toSeconds())));
    }
  }

  /** What a user did or was done to, the newest first. */
  public List<AuditEvent> ofUser(String userId, int max) {
    return vault.read(session ->
        session.list(
            Sql.of(
                "SELECT "
                    + COLUMNS
                    + " FROM _pylon_audit_events WHERE user_id = ? OR actor_id = ?"
                    + " ORDER BY created_at DESC, id DESC LIMIT ?",
                userId,
                userId,
                max),
            Audit::event));
  }

  /** What happened in a tenant, the newest first. */
  public List<AuditEvent> ofTenant(String tenantId, int max) {
    return vault.read(session ->
        session.list(
            Sql.of(
                "SELECT "
                    + COLUMNS
                    + " FROM _pylon_audit_events WHERE tenant_id = ?"
                    + " ORDER BY created_at DESC, id DESC LIMIT ?",
                tenantId,
                max),
            Audit::event));
  }

  private static AuditEvent event(Columns row) {
    return new AuditEvent(
        row.requiredText(0),
        row.integer(1),
        row.requiredText(2),
        row.text(3),
        row.text(4),
        row.text(5),
        row.text(6),
        row.text(7),
        row.integer(8) != 0,
        row.text(9),
        row.text(10));
  }
}
