package dev.pylon.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A database before it is changed: its tables, and what of them earlier manifests declared.
 *
 * @param tables all there are, also those that are not ours
 */
public record LiveSchema(List<LiveTable> tables, Declared declared) {
  public LiveSchema {
    tables = List.copyOf(tables);
  }

  /** A database with nothing in it. */
  public static LiveSchema empty() {
    return new LiveSchema(List.of(), new Declared());
  }

  /** A database just made to fit {@code manifest}. */
  public static LiveSchema of(Manifest manifest, ColumnTypes types) {
    return new LiveSchema(
        manifest.entities().stream().map(entity -> made(entity, types)).toList(),
        Declared.by(manifest));
  }

  private static LiveTable made(Entity entity, ColumnTypes types) {
    var columns = new ArrayList<LiveTable.LiveColumn>();
    var indexes = new ArrayList<LiveTable.LiveIndex>();
    columns.add(new LiveTable.LiveColumn("id", types.declare(FieldType.TEXT), true));
    for (Field field : entity.fields()) {
      columns.add(
          new LiveTable.LiveColumn(field.name(), types.declare(field.type()), !field.optional()));
      if (field.unique()) {
        indexes.add(new LiveTable.LiveIndex("", List.of(field.name()), true, true));
      }
    }
    for (Index index : entity.indexes()) {
      indexes.add(
          new LiveTable.LiveIndex(
              Index.stored(entity.name(), index.name()), index.fields(), index.unique(), false));
    }
    return new LiveTable(entity.name(), columns, indexes, List.of());
  }

  Optional<LiveTable> table(String name) {
    return tables.stream().filter(table -> table.name().equals(name)).findFirst();
  }

  /** The table that has an index called {@code name}. */
  Optional<LiveTable> tableWithIndex(String name) {
    return tables.stream().filter(table -> table.index(name).isPresent()).findFirst();
  }
}
