package dev.pylon.store.migration;

import dev.pylon.db.ColumnType;
import dev.pylon.db.Dialect;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.db.Table;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Field;
import dev.pylon.schema.Index;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.SchemaDiff;
import dev.pylon.schema.SchemaOperation;
import java.util.Comparator;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Does the steps of a schema plan (data contract, 2.2).
 *
 * @param manifest what the schema is to fit in the end
 */
record Ddl(Dialect dialect, Manifest manifest) {

  /** Does one step, inside the transaction of {@code session}. */
  void execute(Session session, SchemaOperation operation) {
    switch (operation) {
      case SchemaOperation.CreateEntity(var entity) -> run(session, createTable(entity));
      case SchemaOperation.AddField(var entity, var field) -> addColumn(session, entity, field);
      case SchemaOperation.AlterField(var entity, var previous, var target) ->
          alterColumn(session, entity, previous, target);
      case SchemaOperation.RemoveField(var entity, var field) -> dropColumn(session, entity, field);
      case SchemaOperation.RemoveEntity(var name) -> {
        removeOldSearch(session, name);
        run(session, "DROP TABLE " + dialect.quote(name));
      }
      case SchemaOperation.RenameEntity(var name, var to) -> renameTable(session, name, to);
      case SchemaOperation.RenameField(var entity, var name, var to) ->
          renameColumn(session, entity, name, to);
      case SchemaOperation.AddIndex(var entity, var index) ->
          run(session, createIndex(entity, index));
      case SchemaOperation.RemoveIndex(_, _, var stored) -> dropIndex(session, stored);
      case SchemaOperation.RemoveOldSearch(var entity) -> removeOldSearch(session, entity);
      case SchemaOperation.CreateSearchIndex _, SchemaOperation.RemoveSearchIndex _ -> {
        // Done by who keeps what is derived from rows.
      }
    }
  }

  private static void run(Session session, String statement) {
    session.execute(Sql.of(statement));
  }

  /**
   * What rules go by stands first. A database takes a row apart from its beginning up to the last
   * column that a condition names, and behind a text it has to look where the next one is.
   */
  private Stream<Field> inOrder(Entity entity) {
    Stream<Field> judged =
        manifest.judged(entity).stream()
            .sorted(Comparator.comparing(field -> StoredTypes.of(field.type()) == ColumnType.TEXT));
    return Stream.concat(judged, entity.fields().stream()).distinct();
  }

  private String createTable(Entity entity) {
    String columns =
        inOrder(entity)
            .map(field ->
                ", "
                    + declaration(field)
                    + (field.optional() ? "" : " NOT NULL")
                    + (field.unique() ? " UNIQUE" : ""))
            .collect(Collectors.joining());
    return "CREATE TABLE IF NOT EXISTS %s (id %s PRIMARY KEY NOT NULL%s)"
        .formatted(dialect.quote(entity.name()), dialect.declare(ColumnType.TEXT), columns);
  }

  private String declaration(Field field) {
    return dialect.quote(field.name()) + " " + dialect.declare(StoredTypes.of(field.type()));
  }

  /**
   * A database adds no unique or required column at once: first the column, then what it must keep.
   */
  private void addColumn(Session session, String entity, Field field) {
    run(
        session,
        "ALTER TABLE %s ADD COLUMN %s".formatted(dialect.quote(entity), declaration(field)));
    if (!field.optional()) {
      alterNull(session, entity, field.name(), "SET");
    }
    if (field.unique()) {
      run(session, createIndex(entity, SchemaDiff.uniqueIndex(field.name())));
    }
  }

  private void alterColumn(Session session, String entity, Field previous, Field target) {
    if (previous.optional() != target.optional()) {
      alterNull(session, entity, target.name(), target.optional() ? "DROP" : "SET");
    }
    if (target.unique() && !previous.unique()) {
      run(session, createIndex(entity, SchemaDiff.uniqueIndex(target.name())));
    }
    if (previous.unique() && !target.unique()) {
      dropUnique(session, entity, target.name());
    }
  }

  private void alterNull(Session session, String entity, String column, String verb) {
    run(
        session,
        "ALTER TABLE %s ALTER COLUMN %s %s NOT NULL"
            .formatted(dialect.quote(entity), dialect.quote(column), verb));
  }

  private void dropUnique(Session session, String entity, String column) {
    dropIndex(session, Index.stored(entity, SchemaDiff.uniqueIndex(column).name()));
    dialect.dropUnique(session, table(session, entity), column);
  }

  /** An index over it goes with it, whoever made that one. */
  private void dropColumn(Session session, String entity, String column) {
    dropIndexes(session, entity, index -> index.columns().contains(column));
    dropUnique(session, entity, column);
    run(
        session,
        "ALTER TABLE %s DROP COLUMN %s".formatted(dialect.quote(entity), dialect.quote(column)));
  }

  private void renameTable(Session session, String name, String to) {
    removeOldSearch(session, name);
    dropIndexes(session, name, index -> index.name().startsWith(name + "_"));
    run(session, "ALTER TABLE %s RENAME TO %s".formatted(dialect.quote(name), dialect.quote(to)));
  }

  private void renameColumn(Session session, String entity, String name, String to) {
    removeOldSearch(session, entity);
    dropIndex(session, Index.stored(entity, SchemaDiff.uniqueIndex(name).name()));
    run(
        session,
        "ALTER TABLE %s RENAME COLUMN %s TO %s"
            .formatted(dialect.quote(entity), dialect.quote(name), dialect.quote(to)));
  }

  private String createIndex(String entity, Index index) {
    String columns = index.fields().stream().map(dialect::quote).collect(Collectors.joining(", "));
    return "CREATE %sINDEX IF NOT EXISTS %s ON %s (%s)"
        .formatted(
            index.unique() ? "UNIQUE " : "",
            dialect.quote(Index.stored(entity, index.name())),
            dialect.quote(entity),
            columns);
  }

  private void dropIndexes(Session session, String entity, Predicate<Table.Index> which) {
    for (Table.Index index : table(session, entity).indexes()) {
      if (!index.implied() && which.test(index)) {
        dropIndex(session, index.name());
      }
    }
  }

  private void dropIndex(Session session, String name) {
    run(session, "DROP INDEX IF EXISTS " + dialect.quote(name));
  }

  /** The triggers first: they write into the table. */
  private void removeOldSearch(Session session, String entity) {
    for (String trigger : table(session, entity).triggers()) {
      if (trigger.startsWith(entity + "_fts_")) {
        run(session, "DROP TRIGGER IF EXISTS " + dialect.quote(trigger));
        run(session, "DROP TABLE IF EXISTS " + dialect.quote(entity + "_fts"));
      }
    }
  }

  private Table table(Session session, String name) {
    return dialect.tables(session).stream()
        .filter(table -> table.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
