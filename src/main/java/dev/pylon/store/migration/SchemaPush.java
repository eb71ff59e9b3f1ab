package dev.pylon.store.migration;

import dev.pylon.db.Dialect;
import dev.pylon.db.Session;
import dev.pylon.db.Table;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Declared;
import dev.pylon.schema.Diagnostic;
import dev.pylon.schema.LiveSchema;
import dev.pylon.schema.LiveTable;
import dev.pylon.schema.SchemaDiff;
import dev.pylon.schema.SchemaError;
import dev.pylon.schema.SchemaPlan;
import dev.pylon.schema.SchemaRequest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Makes a database fit a manifest: compares, asks the rows whether they allow each step, does the
 * steps and writes the history (data contract, 2.7). Runs inside the session it is given.
 */
public final class SchemaPush {
  private final InstantSource clock;

  public SchemaPush(InstantSource clock) {
    this.clock = clock;
  }

  /** What would have to be done, and what forbids it. Changes nothing. */
  public SchemaPlan plan(Session session, SchemaRequest request) {
    List<Table> tables = session.dialect().tables(session);
    Declared declared =
        request.from() == null
            ? SchemaHistory.declared(session, tables)
            : Declared.by(request.from());
    var live =
        new LiveSchema(
            tables.stream()
                .filter(table -> !table.name().startsWith("_pylon_"))
                .map(SchemaPush::live)
                .toList(),
            declared);
    SchemaPlan plan = SchemaDiff.between(live, request, new StoredTypes(session.dialect()));
    var findings = new ArrayList<>(plan.findings());
    findings.addAll(new Obstacles(session, tables).of(plan));
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
            .toList(),
        table.triggers());
  }

  /**
   * Does what {@link #plan} says; what is done stays only if the transaction commits.
   *
   * @param baseline who asks, for the history
   * @throws PylonException {@link SchemaError#PUSH_BLOCKED}, with every obstacle
   */
  public SchemaPlan apply(Session session, SchemaRequest request, String baseline) {
    Dialect dialect = session.dialect();
    dialect.adopt(
        session,
        dialect.tables(session).stream()
            .filter(table -> request.manifest().entity(table.name()).isPresent())
            .toList());
    SchemaPlan plan = plan(session, request);
    if (plan.isBlocked()) {
      throw blocked(plan);
    }
    if (plan.isEmpty()) {
      return plan;
    }
    var ddl = new Ddl(dialect, request.manifest());
    plan.operations().forEach(operation -> ddl.execute(session, operation));
    SchemaHistory.add(session, plan, request.manifest(), baseline, clock.instant());
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
}
