package dev.pylon.store.search;

import dev.pylon.db.Session;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Is told of every row of one entity that is written, in the transaction that writes it and right
 * after the row itself. What it throws undoes the row too. Rows are as they are read: {@code id},
 * then every field. Immutable.
 */
public interface RowIndex {
  void inserted(Session session, Map<String, @Nullable Object> after);

  void updated(
      Session session, Map<String, @Nullable Object> before, Map<String, @Nullable Object> after);

  void deleted(Session session, Map<String, @Nullable Object> before);
}
