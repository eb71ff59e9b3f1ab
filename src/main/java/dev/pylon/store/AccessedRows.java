package dev.pylon.store;

import dev.pylon.db.Dialect;
import dev.pylon.db.Work;
import dev.pylon.model.Deadline;
import dev.pylon.schema.Manifest;

/** The rows of a store as one caller may see and change them. Thread-safe as {@code access} is. */
final class AccessedRows extends SqlReads implements Rows {
  private final SqlStore store;
  private final Access access;

  AccessedRows(SqlStore store, Access access) {
    this.store = store;
    this.access = access;
  }

  @Override
  public Manifest manifest() {
    return known().manifest();
  }

  @Override
  public <R, X extends Exception> R write(Deadline patience, Writing<R, X> work) throws X {
    return store.write(patience, access, work);
  }

  @Override
  public void execute(Runnable work) {
    store.execute(work);
  }

  @Override
  Model model() {
    return store.model();
  }

  @Override
  Dialect dialect() {
    return store.dialect();
  }

  @Override
  Access access() {
    return access;
  }

  @Override
  boolean isPartial(String entity) {
    return store.isPartial(entity);
  }

  @Override
  int rowsMax() {
    return store.rowsMax();
  }

  @Override
  <R> R run(Work<R, RuntimeException> work) {
    return store.run(work);
  }
}
