package dev.pylon.store;

import dev.pylon.json.Json;
import dev.pylon.store.Change.Kind;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a {@link Change} is written down while its transaction is open. */
enum Changes implements LongList.Form<Change> {
  FORM;

  @Override
  public List<@Nullable Object> written(Change change) {
    return Arrays.<@Nullable Object>asList(
        change.seq(),
        change.entity(),
        change.rowId(),
        change.kind().name(),
        change.before(),
        change.after(),
        change.fields(),
        change.at().toEpochMilli());
  }

  @Override
  public Change read(List<?> written) {
    return new Change(
        number(written.get(0)),
        text(written.get(1)),
        text(written.get(2)),
        Kind.valueOf(text(written.get(3))),
        row(written.get(4)),
        row(written.get(5)),
        ((List<?>) Objects.requireNonNull(written.get(6))).stream().map(Changes::text).toList(),
        Instant.ofEpochMilli(number(written.get(7))));
  }

  @Override
  public long chars(Change change) {
    return LongList.chars(change.before()) + LongList.chars(change.after());
  }

  private static long number(@Nullable Object written) {
    return (Long) Objects.requireNonNull(written);
  }

  private static String text(@Nullable Object written) {
    return (String) Objects.requireNonNull(written);
  }

  private static @Nullable Map<String, @Nullable Object> row(@Nullable Object written) {
    return written == null ? null : Json.asObject((Map<?, ?>) written);
  }
}
