package dev.pylon.schema;

import java.util.List;
import java.util.Optional;

/**
 * A table as it stands in a database, in words of the schema.
 *
 * @param indexes those made by name and those that a unique column implies
 * @param triggers by name
 */
public record LiveTable(
    String name, List<LiveColumn> columns, List<LiveIndex> indexes, List<String> triggers) {
  public LiveTable {
    columns = List.copyOf(columns);
    indexes = List.copyOf(indexes);
    triggers = List.copyOf(triggers);
  }

  /**
   * @param type as the database declares it
   */
  public record LiveColumn(String name, String type, boolean notNull) {}

  /**
   * @param implied whether the table was made with it, so it cannot be dropped alone
   */
  public record LiveIndex(String name, List<String> columns, boolean unique, boolean implied) {
    public LiveIndex {
      columns = List.copyOf(columns);
    }
  }

  Optional<LiveColumn> column(String name) {
    return columns.stream().filter(column -> column.name().equals(name)).findFirst();
  }

  Optional<LiveIndex> index(String name) {
    return indexes.stream().filter(index -> index.name().equals(name)).findFirst();
  }

  /**
   * Whether {@code field} is kept unique for its own sake: since the table was made, or by the
   * index we made for it. An index that the manifest names does not count, for it may go while the
   * field stays unique.
   */
  boolean isUnique(String field) {
    String own = Index.stored(name, SchemaDiff.uniqueIndex(field).name());
    return indexes.stream()
        .anyMatch(index ->
            index.unique()
                && index.columns().equals(List.of(field))
                && (index.implied() || index.name().equals(own)));
  }

  /** Whether another server keeps a full-text table of this one by triggers. */
  boolean hasOldSearch() {
    return triggers.stream()
        .anyMatch(trigger ->
            List.of("_fts_ai", "_fts_ad", "_fts_au").stream()
                .anyMatch(ending -> trigger.equals(name + ending)));
  }
}
