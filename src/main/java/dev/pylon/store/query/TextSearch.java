package dev.pylon.store.query;

import dev.pylon.db.Sql;
import org.jspecify.annotations.Nullable;

/** How a statement over one entity asks its search index. */
public interface TextSearch {
  String ID = "\"fts.id\"";
  String RANK = "\"fts.sort\"";

  /**
   * A condition on {@code id} that holds for the rows in which {@code text} is found. However it is
   * written, {@code text} is words to look for, never an expression.
   */
  Sql matches(String text);

  /**
   * A select of the rows in which {@code text} is found: the id of each as {@link #ID}, and as
   * {@link #RANK} a number that is greater the more it says of it. Null where {@code text} has no
   * words, so that no row says more of it than another.
   */
  @Nullable Sql ranked(String text);
}
