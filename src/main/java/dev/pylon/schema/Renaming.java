package dev.pylon.schema;

import java.util.ArrayList;
import java.util.List;

/** Follows renames through a schema: what it is like after them. An object serves one request. */
final class Renaming {
  private final List<SchemaOperation> operations = new ArrayList<>();
  private final Declared declared;
  private List<LiveTable> tables;

  private Renaming(LiveSchema live) {
    this.declared = live.declared();
    this.tables = live.tables();
  }

  /** The schema after {@code renames}, and the steps that lead there. */
  record Renamed(LiveSchema live, List<SchemaOperation> operations) {}

  static Renamed of(LiveSchema live, List<Rename> renames) {
    var renaming = new Renaming(live);
    renames.forEach(renaming::follow);
    return new Renamed(
        new LiveSchema(renaming.tables, renaming.declared), List.copyOf(renaming.operations));
  }

  private void follow(Rename rename) {
    switch (rename) {
      case Rename.OfEntity(var name, var to) -> {
        if (has(name) && !has(to)) {
          done(new SchemaOperation.RenameEntity(name, to));
          tables = tables.stream().map(table -> renamed(table, name, to)).toList();
        }
      }
      case Rename.OfField(var entity, var name, var to) -> {
        if (hasColumn(entity, name) && !hasColumn(entity, to)) {
          done(new SchemaOperation.RenameField(entity, name, to));
          tables =
              tables.stream()
                  .map(table -> table.name().equals(entity) ? column(table, name, to) : table)
                  .toList();
        }
      }
    }
  }

  private void done(SchemaOperation operation) {
    operations.add(operation);
    declared.take(operation);
  }

  private boolean has(String name) {
    return tables.stream().anyMatch(table -> table.name().equals(name));
  }

  private boolean hasColumn(String entity, String column) {
    return tables.stream()
        .anyMatch(table -> table.name().equals(entity) && table.column(column).isPresent());
  }

  /** Indexes by the old name are made anew by the new one. */
  private static LiveTable renamed(LiveTable table, String name, String to) {
    if (!table.name().equals(name)) {
      return table;
    }
    return new LiveTable(
        to,
        table.columns(),
        table.indexes().stream()
            .filter(index -> index.implied() || !index.name().startsWith(name + "_"))
            .toList(),
        List.of());
  }

  private static LiveTable column(LiveTable table, String name, String to) {
    String unique = Index.stored(table.name(), SchemaDiff.uniqueIndex(name).name());
    return new LiveTable(
        table.name(),
        table.columns().stream()
            .map(column ->
                column.name().equals(name)
                    ? new LiveTable.LiveColumn(to, column.type(), column.notNull())
                    : column)
            .toList(),
        table.indexes().stream()
            .filter(index -> !index.name().equals(unique))
            .map(index ->
                new LiveTable.LiveIndex(
                    index.name(),
                    index.columns().stream().map(one -> one.equals(name) ? to : one).toList(),
                    index.unique(),
                    index.implied()))
            .toList(),
        table.triggers());
  }
}
