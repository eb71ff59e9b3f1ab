package dev.pylon.schema;

import java.util.List;
import java.util.Optional;

/**
 * A table as it stands in a database, in words of the schema.
 *
 * @param indexes those made by name and those that a unique column implies
 */
public record LiveTable(String name, List<LiveColumn> columns, List<LiveIndex> indexes) {
  public LiveTable {
    columns = List.copyOf(columns);
    indexes = List.copyOf(indexes);
  }

  /**
   * @param type as the database declares it
   */
  public record LiveColumn(String name, String type, boolean notNull) {}

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

  /** Whether an index of this table keeps {@code column} unique by itself. */
  boolean isUnique(String column) {
    return indexes.stream()
        .anyMatch(index -> index.unique() && index.columns().equals(List.of(column)));
  }
}
