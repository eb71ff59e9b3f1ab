package dev.pylon.db;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A database lent for the length of one piece of work. Confined to the thread it was lent to.
 *
 * <p>Every method throws {@link DatabaseException} where the database refuses.
 */
public interface Session {

  /** The answers of the database at the other end. */
  Dialect dialect();

  /** The rows the statement finds, each read by {@code reader} before the next is fetched. */
  <T> List<T> list(Sql sql, RowReader<T> reader);

  /** The first row the statement finds, or null: what runs often asks for this. */
  <T> @Nullable T first(Sql sql, RowReader<T> reader);

  /** The first row the statement finds. */
  default <T> Optional<T> one(Sql sql, RowReader<T> reader) {
    return Optional.ofNullable(first(sql, reader));
  }

  /** Returns the number of rows changed. */
  int execute(Sql sql);
}
