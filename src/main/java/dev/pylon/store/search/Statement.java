package dev.pylon.store.search;

import dev.pylon.db.Sql;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement while it is put together: text, and the values in the order of its marks. */
final class Statement {
  private final StringBuilder text = new StringBuilder(256);
  private final List<@Nullable Object> values = new ArrayList<>();

  Statement add(String part) {
    text.append(part);
    return this;
  }

  Statement add(Sql part) {
    text.append(part.text());
    values.addAll(part.values());
    return this;
  }

  Sql end() {
    return new Sql(text.toString(), values);
  }
}
