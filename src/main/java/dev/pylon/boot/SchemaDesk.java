package dev.pylon.boot;

import dev.pylon.config.DbConfig;
import dev.pylon.db.Database;
import dev.pylon.db.Session;
import dev.pylon.db.Table;
import dev.pylon.db.Work;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import dev.pylon.schema.SchemaPlan;
import dev.pylon.schema.SchemaRequest;
import dev.pylon.store.migration.MigrationFile;
import dev.pylon.store.migration.MigrationLog;
import dev.pylon.store.migration.SchemaHistory;
import dev.pylon.store.migration.SchemaPush;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at the schema of a database and changes it, without a server. Closes the database it
 * opened.
 */
public final class SchemaDesk implements AutoCloseable {
  /** How long a change waits for a server that is writing. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Database database;
  private final InstantSource clock;
  private final SchemaPush push;

  private SchemaDesk(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
    this.push = new SchemaPush(clock);
  }

  /**
   * Opens the database, and makes it where there is none.
   *
   * @throws PylonException where it cannot be used
   */
  public static SchemaDesk open(DbConfig db, InstantSource clock) {
    return new SchemaDesk(Pylon.open(db), clock);
  }

  /** Whether there is something to open: whether a file is there; a server may always be. */
  public static boolean exists(DbConfig db) {
    Path file = db.file();
    return file == null || Files.exists(file);
  }

  /** What would have to be done, and what forbids it. */
  public SchemaPlan plan(SchemaRequest request) {
    return database.read(session -> push.plan(session, request));
  }

  /**
   * Does it, in one transaction.
   *
   * @param baseline who asks, for the history
   * @throws PylonException {@code PUSH_BLOCKED}, with every obstacle; nothing is changed then
   */
  public SchemaPlan push(SchemaRequest request, String baseline) {
    return change(session -> push.apply(session, request, baseline));
  }

  /**
   * Runs a file of SQL, in one transaction.
   *
   * @throws PylonException {@code MIGRATION_FAILED}, {@code MIGRATION_INVALID}
   */
  public void run(MigrationFile file) {
    change(session -> {
      MigrationLog.apply(session, file, clock.instant());
      return file;
    });
  }

  private <R> R change(Work<R, RuntimeException> work) {
    return database.alter(Deadline.after(PATIENCE), transaction -> transaction.run(work::run));
  }

  /** The checksums of the files of SQL that were run, by name. */
  public Map<String, String> applied() {
    return database.read(MigrationLog::applied);
  }

  /** The tables people made; neither ours nor what is derived for search. */
  public List<Table> tables() {
    return database.read((Session session) -> session.dialect().tables(session)).stream()
        .filter(table -> !table.name().startsWith("_pylon_") && !table.name().startsWith("_fts_"))
        .toList();
  }

  /** What was done, newest first. */
  public List<SchemaHistory.Entry> history(int limit) {
    return database.read(session -> SchemaHistory.newest(session, limit));
  }

  public Optional<SchemaHistory.Entry> entry(String id) {
    return database.read(session -> SchemaHistory.find(session, id));
  }

  @Override
  public void close() {
    database.close();
  }
}
