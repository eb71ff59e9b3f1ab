package dev.pylon.db;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A statement and the values it binds, in the order of its question marks. Identifiers are already
 * quoted, values never are. A value is null, a {@code String}, {@code Long}, {@code Integer},
 * {@code Double}, {@code Boolean} or {@code byte[]}.
 */
public record Sql(String text, List<@Nullable Object> values) {

  public static Sql of(String text, @Nullable Object... values) {
    return new Sql(text, Collections.unmodifiableList(Arrays.<@Nullable Object>asList(values)));
  }
}
