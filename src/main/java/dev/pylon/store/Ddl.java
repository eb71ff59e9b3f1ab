package dev.pylon.store;

import dev.pylon.db.Dialect;
import dev.pylon.db.Sql;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Field;
import dev.pylon.schema.Index;
import dev.pylon.schema.SchemaDiff;
import dev.pylon.schema.SchemaOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The statements that do a step of a schema plan (data contract, 2.2). Pure. */
record Ddl(Dialect dialect) {

  /** The statements of one step, in order. */
  List<Sql> statements(SchemaOperation operation) {
    return switch (operation) {
      case SchemaOperation.CreateEntity(var entity) -> List.of(createTable(entity));
      case SchemaOperation.AddField(var entity, var field) -> addColumn(entity, field);
      case SchemaOperation.AlterField(var entity, var previous, var target) ->
          alterColumn(entity, previous, target);
      case SchemaOperation.AddIndex(var entity, var index) -> List.of(createIndex(entity, index));
      case SchemaOperation.RemoveIndex(var entity, var name) ->
          List.of(Sql.of("DROP INDEX IF EXISTS " + dialect.quote(entity + "_" + name)));
    };
  }

  private Sql createTable(Entity entity) {
    String columns =
        entity.fields().stream()
            .map(field ->
                ", "
                    + declaration(field)
                    + (field.optional() ? "" : " NOT NULL")
                    + (field.unique() ? " UNIQUE" : ""))
            .collect(Collectors.joining());
    return Sql.of(
        "CREATE TABLE IF NOT EXISTS %s (id TEXT PRIMARY KEY NOT NULL%s)"
            .formatted(dialect.quote(entity.name()), columns));
  }

  private String declaration(Field field) {
    return dialect.quote(field.name())
        + " "
        + dialect.declare(EntityTable.columnType(field.type()));
  }

  /**
   * A database adds no unique or required column at once: first the column, then what it must keep.
   */
  private List<Sql> addColumn(String entity, Field field) {
    var statements = new ArrayList<Sql>();
    statements.add(
        Sql.of(
            "ALTER TABLE %s ADD COLUMN %s".formatted(dialect.quote(entity), declaration(field))));
    if (!field.optional()) {
      statements.add(alterNull(entity, field, "SET"));
    }
    if (field.unique()) {
      statements.add(createIndex(entity, SchemaDiff.uniqueIndex(field)));
    }
    return statements;
  }

  private List<Sql> alterColumn(String entity, Field previous, Field target) {
    var statements = new ArrayList<Sql>();
    if (previous.optional() != target.optional()) {
      statements.add(alterNull(entity, target, target.optional() ? "DROP" : "SET"));
    }
    if (target.unique() && !previous.unique()) {
      statements.add(createIndex(entity, SchemaDiff.uniqueIndex(target)));
    }
    return statements;
  }

  private Sql alterNull(String entity, Field field, String verb) {
    return Sql.of(
        "ALTER TABLE %s ALTER COLUMN %s %s NOT NULL"
            .formatted(dialect.quote(entity), dialect.quote(field.name()), verb));
  }

  private Sql createIndex(String entity, Index index) {
    String columns = index.fields().stream().map(dialect::quote).collect(Collectors.joining(", "));
    return Sql.of(
        "CREATE %sINDEX IF NOT EXISTS %s ON %s (%s)"
            .formatted(
                index.unique() ? "UNIQUE " : "",
                dialect.quote(entity + "_" + index.name()),
                dialect.quote(entity),
                columns));
  }
}
