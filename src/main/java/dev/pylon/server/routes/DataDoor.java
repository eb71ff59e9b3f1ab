package dev.pylon.server.routes;

import dev.pylon.db.DatabaseError;
import dev.pylon.model.Deadline;
import dev.pylon.model.Identity;
import dev.pylon.model.PylonException;
import dev.pylon.server.http.Request;
import dev.pylon.store.Access;
import dev.pylon.store.Bulk;
import dev.pylon.store.Rows;
import dev.pylon.store.Store;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The one door from a request to rows: every route of the data area gets here the rows as the
 * caller may see and change them.
 */
public final class DataDoor {
  /** How long a write waits for those before it; a mutation may hold its turn as long. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Supplier<Optional<Store>> store;
  private final Callers callers;

  /**
   * @param store empty while there is nothing to serve
   */
  public DataDoor(Supplier<Optional<Store>> store, Callers callers) {
    this.store = store;
    this.callers = callers;
  }

  /** The rows for whoever sent {@code request}. */
  Rows rows(Request request) {
    return store().as(access(caller(request)));
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
    return store().as(access(callers.requireAdmin(request).identity()));
  }

  /** The same, with what others are told. */
  Rows allRows(Request request, String refusal) {
    return store().as(access(callers.requireAdmin(request, refusal).identity()));
  }

  /** Many writes at once, where an admin sent {@code request}. */
  Bulk bulk(Request request) {
    return new Bulk(allRows(request), PATIENCE);
  }

  /** What a caller may: everything, as long as nobody declares policies. */
  private static Access access(Identity caller) {
    return new Access() {
      @Override
      public Identity caller() {
        return caller;
      }
    };
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
