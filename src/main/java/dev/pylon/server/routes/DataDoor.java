package dev.pylon.server.routes;

import dev.pylon.db.DatabaseError;
import dev.pylon.model.Deadline;
import dev.pylon.model.Identity;
import dev.pylon.model.PylonException;
import dev.pylon.policy.Policies;
import dev.pylon.policy.Question;
import dev.pylon.policy.Tenants;
import dev.pylon.schema.Manifest;
import dev.pylon.server.http.Request;
import dev.pylon.store.Access;
import dev.pylon.store.Bulk;
import dev.pylon.store.Rows;
import dev.pylon.store.Store;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The one door from a request to rows: every route of the data area gets here the rows as the
 * caller may see and change them.
 */
public final class DataDoor {
  /** How long a write waits for those before it; a mutation may hold its turn as long. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Supplier<Optional<Store>> store;
  private final Callers callers;
  private final boolean tenantScope;

  /** Those of the manifest that was asked for last. */
  private volatile @Nullable Policies policies;

  /**
   * @param store empty while there is nothing to serve
   * @param tenantScope whether rows of other tenants are out of reach
   */
  public DataDoor(Supplier<Optional<Store>> store, Callers callers, boolean tenantScope) {
    this.store = store;
    this.callers = callers;
    this.tenantScope = tenantScope;
  }

  /** The rows for whoever sent {@code request}. */
  Rows rows(Request request) {
    return rows(caller(request));
  }

  /** Who sent {@code request}. */
  Identity caller(Request request) {
    return callers.of(request).identity();
  }

  /**
   * All rows, where an admin sent {@code request}.
   *
   * @throws PylonException {@code FORBIDDEN}
   */
  Rows allRows(Request request) {
    return rows(callers.requireAdmin(request).identity());
  }

  /** The same, with what others are told. */
  Rows allRows(Request request, String refusal) {
    return rows(callers.requireAdmin(request, refusal).identity());
  }

  /** All rows, for a route that has decided by other means that it may. */
  Rows everyRow() {
    return rows(Identity.ADMIN);
  }

  /** All rows with all their fields, for a route that has made sure that an admin asks for them. */
  Rows wholeRows() {
    return store();
  }

  /** Many writes at once, where an admin sent {@code request}. */
  Bulk bulk(Request request) {
    return new Bulk(allRows(request), PATIENCE);
  }

  private Rows rows(Identity caller) {
    Store rows = store();
    Access access = policies(rows.manifest()).access(caller);
    return rows.as(tenantScope ? Tenants.keep(access) : access);
  }

  /**
   * Refuses an action that policies do not let the caller do.
   *
   * @param input as it was sent
   * @throws PylonException {@code POLICY_DENIED}
   */
  void requireAction(Request request, String action, @Nullable Object input) {
    policies().requireAction(caller(request), action, input);
  }

  /**
   * @throws PylonException {@code FORBIDDEN} where no admin sent {@code request}
   */
  void requireAdmin(Request request) {
    callers.requireAdmin(request);
  }

  /** Somebody as their own session would make them. */
  Identity person(@Nullable String userId, @Nullable String tenantId) {
    return callers.person(userId, tenantId);
  }

  /** Why {@code question} would be answered as it would, tenants included. */
  Map<String, @Nullable Object> explain(Question question) {
    Map<String, @Nullable Object> told = policies().explain(question);
    Optional<String> apart = tenantScope ? Tenants.refusal(question) : Optional.empty();
    apart.ifPresent(reason -> {
      told.put("result", "deny");
      told.put("reason", reason);
      told.remove("decided_by");
    });
    return told;
  }

  /** The manifest with all its fields. */
  Manifest manifest() {
    return store().manifest();
  }

  private Policies policies() {
    return policies(store().manifest());
  }

  /** The row with all its fields, for who judges it. */
  Optional<Map<String, @Nullable Object>> storedRow(String entity, String id) {
    return store().get(entity, id);
  }

  /** Read once for each manifest. */
  private Policies policies(Manifest manifest) {
    Policies known = policies;
    if (known == null || known.manifest() != manifest) {
      known = Policies.of(manifest);
      policies = known;
    }
    return known;
  }

  private Store store() {
    return store
        .get()
        .orElseThrow(
            () -> new PylonException(DatabaseError.DATABASE_UNAVAILABLE, "There are no rows yet"));
  }

  /** One transaction, with the patience of a request. */
  static <R, X extends Exception> R write(Rows rows, Rows.Writing<R, X> work) throws X {
    return rows.write(Deadline.after(PATIENCE), work);
  }
}
