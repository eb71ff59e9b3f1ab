package dev.pylon.store.migration;

import dev.pylon.db.DatabaseException;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.model.PylonException;
import dev.pylon.schema.SchemaError;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Which files of SQL a database has seen, with their checksums, in its table {@code
 * _pylon_migration_files}. Runs inside the session it is given.
 */
public final class MigrationLog {
  private static final String TABLE = "_pylon_migration_files";

  private static final Sql CREATE =
      Sql.of(
          """
          CREATE TABLE IF NOT EXISTS _pylon_migration_files (
            filename TEXT PRIMARY KEY NOT NULL,
            checksum TEXT NOT NULL,
            applied_at TEXT NOT NULL)\
          """);

  private MigrationLog() {}

  /** The checksums of what was applied, by file name. */
  public static Map<String, String> applied(Session session) {
    var applied = new LinkedHashMap<String, String>();
    boolean exists =
        session.dialect().tables(session).stream().anyMatch(table -> table.name().equals(TABLE));
    if (exists) {
      session.list(
          Sql.of("SELECT filename, checksum FROM _pylon_migration_files ORDER BY filename"),
          row ->
              applied.put(
                  Objects.requireNonNull(row.text(0)), Objects.requireNonNull(row.text(1))));
    }
    return applied;
  }

  /**
   * Does what {@code file} says and notes that it was done.
   *
   * @throws PylonException {@link SchemaError#MIGRATION_FAILED}, with the number of the statement
   *     that was refused; {@link SchemaError#MIGRATION_INVALID}
   */
  public static void apply(Session session, MigrationFile file, Instant now) {
    session.execute(CREATE);
    int number = 0;
    for (String statement : file.statements()) {
      number++;
      try {
        session.execute(new Sql(statement, java.util.List.of()));
      } catch (DatabaseException e) {
        throw failed(file, number, statement, e);
      }
    }
    session.execute(
        Sql.of(
            "INSERT INTO _pylon_migration_files (filename, checksum, applied_at) VALUES (?, ?, ?)",
            file.filename(),
            file.checksum(),
            now.truncatedTo(ChronoUnit.SECONDS).toString()));
  }

  /** Who runs a migration wrote it, and may hear what the database says of it. */
  private static PylonException failed(
      MigrationFile file, int number, String statement, DatabaseException e) {
    Throwable said = e.getCause() == null ? e : e.getCause();
    return new PylonException(
            SchemaError.MIGRATION_FAILED,
            "%s, statement %d (%s): %s"
                .formatted(
                    file.filename(),
                    number,
                    statement.lines().findFirst().orElse(""),
                    said.getMessage()),
            e)
        .with("hint", "Nothing of this file was kept; correct it and apply again");
  }
}
