package dev.pylon.store.query;

import dev.pylon.db.Sql;

/** How a statement over one entity asks its search index. */
public interface TextSearch {

  /**
   * A condition on {@code id} that holds for the rows in which {@code text} is found. However it is
   * written, {@code text} is words to look for, never an expression.
   */
  Sql matches(String text);
}
