package dev.pylon.store.migration;

import dev.pylon.db.Dialect;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.db.Table;
import dev.pylon.schema.Diagnostic;
import dev.pylon.schema.Field;
import dev.pylon.schema.Index;
import dev.pylon.schema.SchemaDiff;
import dev.pylon.schema.SchemaOperation;
import dev.pylon.schema.SchemaPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Asks the rows whether they allow what a plan would do. Follows the plan's renames, for the rows
 * stand under their old names still. An object serves one plan.
 */
final class Obstacles {
  private final Session session;
  private final Dialect dialect;
  private final Map<String, Table> tables = new HashMap<>();

  /** Old names by new ones. */
  private final Map<String, String> entities = new HashMap<>();

  private final Map<List<String>, String> columns = new HashMap<>();

  Obstacles(Session session, List<Table> tables) {
    this.session = session;
    this.dialect = session.dialect();
    tables.forEach(table -> this.tables.put(table.name(), table));
  }

  List<Diagnostic> of(SchemaPlan plan) {
    var found = new ArrayList<Diagnostic>();
    plan.operations().forEach(operation -> obstacle(operation).ifPresent(found::add));
    return found;
  }

  private Optional<Diagnostic> obstacle(SchemaOperation operation) {
    return switch (operation) {
      case SchemaOperation.AddField(var entity, var field) -> requiredOverRows(entity, field);
      case SchemaOperation.AlterField(var entity, var previous, var target) ->
          altered(entity, previous, target);
      case SchemaOperation.AddIndex(var entity, var index) ->
          index.unique() ? uniqueOverDuplicates(entity, index) : Optional.empty();
      case SchemaOperation.RenameEntity(var name, var to) -> {
        entities.put(to, stored(name));
        yield Optional.empty();
      }
      case SchemaOperation.RenameField(var entity, var name, var to) -> {
        columns.put(List.of(entity, to), stored(entity, name));
        yield Optional.empty();
      }
      case SchemaOperation.CreateEntity _,
          SchemaOperation.RemoveField _,
          SchemaOperation.RemoveEntity _,
          SchemaOperation.RemoveIndex _,
          SchemaOperation.CreateSearchIndex _,
          SchemaOperation.RemoveSearchIndex _,
          SchemaOperation.RemoveOldSearch _ ->
          Optional.empty();
    };
  }

  private String stored(String entity) {
    return entities.getOrDefault(entity, entity);
  }

  private String stored(String entity, String column) {
    return columns.getOrDefault(List.of(entity, column), column);
  }

  private Optional<Diagnostic> requiredOverRows(String entity, Field field) {
    if (field.optional() || !finds("SELECT 1 FROM %s LIMIT 1", dialect.quote(stored(entity)))) {
      return Optional.empty();
    }
    return Optional.of(
        Diagnostic.error(
                "NOT_NULL_OVER_ROWS",
                "\"%s\" of \"%s\" is new and required, and there are rows without it"
                    .formatted(field.name(), entity))
            .hint("make it optional, fill it in, then make it required"));
  }

  private Optional<Diagnostic> altered(String entity, Field previous, Field target) {
    if (previous.optional() && !target.optional() && hasNulls(entity, target)) {
      return Optional.of(
          Diagnostic.error(
                  "NOT_NULL_OVER_NULLS",
                  "\"%s\" of \"%s\" becomes required, and there are rows without it"
                      .formatted(target.name(), entity))
              .hint("fill it in first, or leave it optional"));
    }
    return target.unique() && !previous.unique()
        ? uniqueOverDuplicates(entity, SchemaDiff.uniqueIndex(target.name()))
        : Optional.empty();
  }

  private boolean hasNulls(String entity, Field field) {
    return finds(
        "SELECT 1 FROM %s WHERE %s IS NULL LIMIT 1",
        dialect.quote(stored(entity)), dialect.quote(stored(entity, field.name())));
  }

  private Optional<Diagnostic> uniqueOverDuplicates(String entity, Index index) {
    List<String> names = index.fields().stream().map(field -> stored(entity, field)).toList();
    if (!isStored(stored(entity), names)) {
      // The same plan makes the table or the column: nothing in it is there twice.
      return Optional.empty();
    }
    List<String> quoted = names.stream().map(dialect::quote).toList();
    String present =
        quoted.stream().map(name -> name + " IS NOT NULL").collect(Collectors.joining(" AND "));
    if (!finds(
        "SELECT 1 FROM %s WHERE %s GROUP BY %s HAVING count(*) > 1 LIMIT 1",
        dialect.quote(stored(entity)), present, String.join(", ", quoted))) {
      return Optional.empty();
    }
    return Optional.of(
        Diagnostic.error(
                "UNIQUE_OVER_DUPLICATES",
                "\"%s\" of \"%s\" must be unique from now on, and there are rows with the same"
                    .formatted(String.join("\" + \"", index.fields()), entity))
            .hint("remove or change the duplicates first"));
  }

  private boolean isStored(String entity, List<String> names) {
    Table table = tables.get(entity);
    return table != null
        && table.columns().stream()
            .map(Table.Column::name)
            .collect(Collectors.toSet())
            .containsAll(names);
  }

  private boolean finds(String sql, Object... names) {
    return session.first(Sql.of(sql.formatted(names)), _ -> true) != null;
  }
}
