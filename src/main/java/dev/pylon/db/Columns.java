package dev.pylon.db;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One row while it is read. Columns count from 0 in the order of the statement; readers that run
 * often use positions, others names. Valid only inside the {@link RowReader} that was given it.
 */
public interface Columns {
  @Nullable String text(int column);

  /** The text in {@code column}, which is never null there. */
  default String requiredText(int column) {
    return Objects.requireNonNull(text(column));
  }

  /** The number in {@code column}; 0 where it is null. */
  long integer(int column);

  /** The number in {@code column}, or null. */
  @Nullable Long integerOrNull(int column);

  @Nullable Double real(int column);

  byte @Nullable [] bytes(int column);

  /** Whatever is there: null, a {@code String}, {@code Long}, {@code Double} or {@code byte[]}. */
  @Nullable Object value(int column);

  /** The position of the column called {@code name}. */
  int position(String name);

  default @Nullable String text(String name) {
    return text(position(name));
  }

  default long integer(String name) {
    return integer(position(name));
  }

  default @Nullable Long integerOrNull(String name) {
    return integerOrNull(position(name));
  }
}
