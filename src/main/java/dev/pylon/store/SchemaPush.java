package dev.pylon.store;

import dev.pylon.db.Dialect;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.db.Table;
import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Diagnostic;
import dev.pylon.schema.Field;
import dev.pylon.schema.Index;
import dev.pylon.schema.LiveTable;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.SchemaDiff;
import dev.pylon.schema.SchemaError;
import dev.pylon.schema.SchemaOperation;
import dev.pylon.schema.SchemaPlan;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Makes a database fit a manifest: compares, asks the rows whether they allow each step, does the
 * steps and writes the history (data contract, 2.7). Runs inside the session it is given.
 */
final class SchemaPush {
  private static final Sql HISTORY =
      Sql.of(
          """
          CREATE TABLE IF NOT EXISTS _pylon_schema_history (
            id TEXT PRIMARY KEY NOT NULL,
            manifest_version INTEGER NOT NULL,
            app_version TEXT NOT NULL,
            applied_at TEXT NOT NULL,
            operation_count INTEGER NOT NULL,
            baseline TEXT NOT NULL,
            plan_json TEXT NOT NULL)\
          """);

  private final Dialect dialect;
  private final InstantSource clock;
  private final Ddl ddl;

  SchemaPush(Dialect dialect, InstantSource clock) {
    this.dialect = dialect;
    this.clock = clock;
    this.ddl = new Ddl(dialect);
  }

  /** What would have to be done, and what forbids it. */
  SchemaPlan plan(Session session, Manifest manifest) {
    List<LiveTable> live =
        dialect.tables(session).stream()
            .filter(table -> !table.name().startsWith("_pylon_"))
            .map(SchemaPush::live)
            .toList();
    SchemaPlan plan =
        SchemaDiff.between(live, manifest, type -> dialect.declare(EntityTable.columnType(type)));
    var findings = new ArrayList<>(plan.findings());
    for (SchemaOperation operation : plan.operations()) {
      findings.addAll(obstacles(session, operation));
    }
    return new SchemaPlan(plan.operations(), findings);
  }

  private static LiveTable live(Table table) {
    return new LiveTable(
        table.name(),
        table.columns().stream()
            .map(column -> new LiveTable.LiveColumn(column.name(), column.type(), column.notNull()))
            .toList(),
        table.indexes().stream()
            .map(index ->
                new LiveTable.LiveIndex(
                    index.name(), index.columns(), index.unique(), index.implied()))
            .toList());
  }

  private List<Diagnostic> obstacles(Session session, SchemaOperation operation) {
    return switch (operation) {
      case SchemaOperation.AddField(var entity, var field) ->
          requiredOverRows(session, entity, field);
      case SchemaOperation.AlterField(var entity, var previous, var target) -> {
        var obstacles = new ArrayList<Diagnostic>();
        if (previous.optional() && !target.optional()) {
          obstacles.addAll(requiredOverNulls(session, entity, target));
        }
        if (target.unique() && !previous.unique()) {
          obstacles.addAll(uniqueOverDuplicates(session, entity, SchemaDiff.uniqueIndex(target)));
        }
        yield obstacles;
      }
      case SchemaOperation.AddIndex(var entity, var index)
          when index.unique() && tableExists(session, entity) ->
          uniqueOverDuplicates(session, entity, index);
      case SchemaOperation.AddIndex _ -> List.of();
      case SchemaOperation.CreateEntity _ -> List.of();
      case SchemaOperation.RemoveIndex _ -> List.of();
    };
  }

  private boolean tableExists(Session session, String entity) {
    return dialect.tables(session).stream().anyMatch(table -> table.name().equals(entity));
  }

  private List<Diagnostic> requiredOverRows(Session session, String entity, Field field) {
    if (field.optional()
        || !finds(session, "SELECT 1 FROM " + dialect.quote(entity) + " LIMIT 1")) {
      return List.of();
    }
    return List.of(
        Diagnostic.error(
                "NOT_NULL_OVER_ROWS",
                "\"%s\" of \"%s\" is new and required, and there are rows without it"
                    .formatted(field.name(), entity))
            .hint("make it optional, fill it in, then make it required"));
  }

  private List<Diagnostic> requiredOverNulls(Session session, String entity, Field field) {
    String sql =
        "SELECT 1 FROM %s WHERE %s IS NULL LIMIT 1"
            .formatted(dialect.quote(entity), dialect.quote(field.name()));
    if (!finds(session, sql)) {
      return List.of();
    }
    return List.of(
        Diagnostic.error(
                "NOT_NULL_OVER_NULLS",
                "\"%s\" of \"%s\" becomes required, and there are rows without it"
                    .formatted(field.name(), entity))
            .hint("fill it in first, or leave it optional"));
  }

  private List<Diagnostic> uniqueOverDuplicates(Session session, String entity, Index index) {
    String columns = index.fields().stream().map(dialect::quote).collect(Collectors.joining(", "));
    String present =
        index.fields().stream()
            .map(field -> dialect.quote(field) + " IS NOT NULL")
            .collect(Collectors.joining(" AND "));
    String sql =
        "SELECT 1 FROM %s WHERE %s GROUP BY %s HAVING count(*) > 1 LIMIT 1"
            .formatted(dialect.quote(entity), present, columns);
    if (!allExist(session, entity, index) || !finds(session, sql)) {
      return List.of();
    }
    return List.of(
        Diagnostic.error(
                "UNIQUE_OVER_DUPLICATES",
                "%s of \"%s\" must be unique from now on, and there are rows with the same"
                    .formatted('"' + String.join("\" + \"", index.fields()) + '"', entity))
            .hint("remove or change the duplicates first"));
  }

  /** A column that the same plan adds holds nothing yet, so nothing in it is there twice. */
  private boolean allExist(Session session, String entity, Index index) {
    return dialect.tables(session).stream()
        .filter(table -> table.name().equals(entity))
        .flatMap(table -> table.columns().stream())
        .map(Table.Column::name)
        .collect(Collectors.toSet())
        .containsAll(index.fields());
  }

  private static boolean finds(Session session, String sql) {
    return session.first(Sql.of(sql), row -> true) != null;
  }

  /**
   * Does what {@link #plan} says; what is done stays only if the transaction commits.
   *
   * @throws PylonException {@link SchemaError#PUSH_BLOCKED}, with every obstacle
   */
  SchemaPlan apply(Session session, Manifest manifest, String baseline) {
    SchemaPlan plan = plan(session, manifest);
    if (plan.isBlocked()) {
      throw blocked(plan);
    }
    if (plan.isEmpty()) {
      return plan;
    }
    for (SchemaOperation operation : plan.operations()) {
      ddl.statements(operation).forEach(session::execute);
    }
    session.execute(HISTORY);
    session.execute(entry(plan, manifest, baseline));
    return plan;
  }

  private static PylonException blocked(SchemaPlan plan) {
    String message =
        plan.findings().stream()
            .filter(Diagnostic::isError)
            .map(Diagnostic::message)
            .collect(Collectors.joining("\n"));
    return new PylonException(SchemaError.PUSH_BLOCKED, message)
        .with("diagnostics", plan.findings().stream().map(Diagnostic::json).toList());
  }

  private Sql entry(SchemaPlan plan, Manifest manifest, String baseline) {
    Instant now = clock.instant();
    return Sql.of(
        """
        INSERT INTO _pylon_schema_history
          (id, manifest_version, app_version, applied_at, operation_count, baseline, plan_json)
          VALUES (?, ?, ?, ?, ?, ?, ?)\
        """,
        "%d.%09d".formatted(now.getEpochSecond(), now.getNano()),
        Manifest.MANIFEST_VERSION,
        manifest.version(),
        now.truncatedTo(ChronoUnit.SECONDS).toString(),
        plan.operations().size(),
        baseline,
        Json.text(SchemaOperation.json(plan.operations())));
  }
}
