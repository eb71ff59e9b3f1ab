package dev.pylon.store;

import dev.pylon.json.Json;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rows that somebody brings back, as they come. They are kept until the last one is there, for a
 * transaction must not wait for a sender, and may have to begin again; however many they are,
 * little of them is held in memory.
 *
 * <p>Used by one thread at a time, and closed by whoever made it.
 */
public final class SentRows implements AutoCloseable {
  /** What an export of the system before has beside its entities; it is passed over. */
  private static final String INTERNAL = "__internal__";

  private final LongList<SentRow> rows = new LongList<>(Form.FORM);
  private final Map<String, Long> counts = new LinkedHashMap<>();

  /** Whether what stands under {@code entity} is no rows of anybody. */
  public static boolean isInternal(String entity) {
    return entity.equals(INTERNAL);
  }

  /** Says that rows of {@code entity} may come; it is then reported, also where none come. */
  public void expect(String entity) {
    counts.putIfAbsent(entity, 0L);
  }

  /**
   * Takes one row, of whose fields nobody has judged anything.
   *
   * @param line where it began, from 1
   */
  public void add(String entity, long line, Map<String, @Nullable Object> members) {
    if (!isInternal(entity)) {
      rows.add(new SentRow(entity, counts.merge(entity, 1L, Long::sum) - 1, line, members));
    }
  }

  /** How many rows of {@code entity} have come. */
  public long count(String entity) {
    return counts.getOrDefault(entity, 0L);
  }

  /** In the order they came. */
  List<SentRow> rows() {
    return rows;
  }

  /** How many rows of each entity came, in the order of the first. */
  Map<String, Long> counts() {
    return counts;
  }

  @Override
  public void close() {
    rows.close();
  }

  private enum Form implements LongList.Form<SentRow> {
    FORM;

    @Override
    public List<@Nullable Object> written(SentRow row) {
      return Arrays.<@Nullable Object>asList(row.entity(), row.index(), row.line(), row.members());
    }

    @Override
    public SentRow read(List<?> written) {
      return new SentRow(
          (String) Objects.requireNonNull(written.get(0)),
          (Long) Objects.requireNonNull(written.get(1)),
          (Long) Objects.requireNonNull(written.get(2)),
          Json.asObject((Map<?, ?>) Objects.requireNonNull(written.get(3))));
    }

    @Override
    public long chars(SentRow row) {
      return LongList.chars(row.members());
    }
  }
}
