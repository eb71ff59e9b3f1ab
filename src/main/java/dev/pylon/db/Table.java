package dev.pylon.db;

import java.util.List;

/**
 * A table as it stands in the database.
 *
 * @param indexes those made by a statement and those a {@code UNIQUE} column implies
 * @param triggers by name, where the engine's matter to us
 */
public record Table(String name, List<Column> columns, List<Index> indexes, List<String> triggers) {
  public Table {
    columns = List.copyOf(columns);
    indexes = List.copyOf(indexes);
    triggers = List.copyOf(triggers);
  }

  /** A table without triggers. */
  public Table(String name, List<Column> columns, List<Index> indexes) {
    this(name, columns, indexes, List.of());
  }

  /**
   * @param type as it was declared, in upper case
   */
  public record Column(String name, String type, boolean notNull, boolean primaryKey) {}

  /**
   * @param implied whether it belongs to a constraint of the table, not to a statement of its own
   */
  public record Index(String name, List<String> columns, boolean unique, boolean implied) {
    public Index {
      columns = List.copyOf(columns);
    }
  }
}
