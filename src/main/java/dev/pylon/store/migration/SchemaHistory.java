package dev.pylon.store.migration;

import dev.pylon.db.Columns;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.db.Table;
import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import dev.pylon.schema.Declared;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.SchemaOperation;
import dev.pylon.schema.SchemaPlan;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What was ever done to the schema of a database, in its table {@code _pylon_schema_history} (data
 * contract, 2.5): read by people, and by us to know what is ours.
 */
public final class SchemaHistory {
  private static final System.Logger LOG = System.getLogger(SchemaHistory.class.getName());

  private static final String TABLE = "_pylon_schema_history";

  /** Where another server kept the manifests it migrated to. */
  private static final String OLD_MANIFESTS = "_pylon_migrations";

  private static final Sql CREATE =
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

  private static final String SELECT =
      """
      SELECT id, manifest_version, app_version, applied_at, operation_count, baseline, plan_json
        FROM _pylon_schema_history\
      """;

  private SchemaHistory() {}

  /**
   * One change.
   *
   * @param id sorts by time
   * @param planJson the steps as they were written down
   */
  public record Entry(
      String id,
      long manifestVersion,
      String appVersion,
      String appliedAt,
      long operationCount,
      String baseline,
      String planJson) {}

  /** The newest entries first, at most {@code limit}; none where there is no history. */
  public static List<Entry> newest(Session session, int limit) {
    return exists(session, TABLE)
        ? session.list(Sql.of(SELECT + " ORDER BY id DESC LIMIT ?", limit), SchemaHistory::entry)
        : List.of();
  }

  /** The entry with this id. */
  public static Optional<Entry> find(Session session, String id) {
    return exists(session, TABLE)
        ? session.one(Sql.of(SELECT + " WHERE id = ?", id), SchemaHistory::entry)
        : Optional.empty();
  }

  private static Entry entry(Columns row) {
    return new Entry(
        text(row, 0),
        row.integer(1),
        text(row, 2),
        text(row, 3),
        row.integer(4),
        text(row, 5),
        text(row, 6));
  }

  private static String text(Columns row, int column) {
    return Objects.requireNonNullElse(row.text(column), "");
  }

  private static boolean exists(Session session, String table) {
    return has(session.dialect().tables(session), table);
  }

  private static boolean has(List<Table> tables, String name) {
    return tables.stream().anyMatch(table -> table.name().equals(name));
  }

  /** What earlier manifests declared, as far as it was written down. */
  static Declared declared(Session session, List<Table> tables) {
    var declared = new Declared();
    if (has(tables, TABLE)) {
      session
          .list(
              Sql.of(
                  "SELECT plan_json FROM _pylon_schema_history WHERE operation_count > 0"
                      + " ORDER BY id"),
              row -> text(row, 0))
          .forEach(plan -> replay(declared, plan));
    }
    if (has(tables, OLD_MANIFESTS)) {
      session
          .list(
              Sql.of("SELECT manifest FROM _pylon_migrations ORDER BY applied_at"),
              row -> text(row, 0))
          .forEach(manifest -> merge(declared, manifest));
    }
    return declared;
  }

  private static void replay(Declared declared, String plan) {
    try {
      declared.replay(plan);
    } catch (JsonException e) {
      LOG.log(System.Logger.Level.WARNING, "an entry of the schema history cannot be read", e);
    }
  }

  private static void merge(Declared declared, String manifest) {
    if (Manifest.read(manifest.getBytes(java.nio.charset.StandardCharsets.UTF_8))
        instanceof Manifest.Reading.Accepted(var read)) {
      declared.merge(Declared.by(read));
    }
  }

  /** Writes down that {@code plan} was done. */
  static void add(
      Session session, SchemaPlan plan, Manifest manifest, String baseline, Instant now) {
    session.execute(CREATE);
    session.execute(
        Sql.of(
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
            Json.text(Map.of("operations", SchemaOperation.json(plan.operations())))));
  }
}
