package dev.pylon.store;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.PostgresServer;
import dev.pylon.db.Database;
import dev.pylon.db.postgres.PostgresDatabase;
import dev.pylon.db.sqlite.SqliteDatabase;
import dev.pylon.model.Deadline;
import dev.pylon.model.IdSource;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Manifest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** Empty stores for tests, gone or forgotten when they are closed, and what is asked of all. */
final class Stores {
  private Stores() {}

  /** One on SQLite whose answers have at most {@code rowsMax} rows. */
  static Store sqlite(Manifest manifest, int rowsMax) {
    return open(SqliteDatabase.temporary(), manifest, rowsMax);
  }

  /** One on Postgres; see {@link dev.pylon.NeedsPostgres}. */
  static Store postgres(Manifest manifest, int rowsMax) {
    return postgres(PostgresServer.shared().newDatabase(), manifest, rowsMax);
  }

  /** One on SQLite in {@code folder}, which may hold one already. */
  static Store sqlite(Path folder, Manifest manifest, int rowsMax) {
    return open(SqliteDatabase.open(folder.resolve("app.db")), manifest, rowsMax);
  }

  /** One in the Postgres database at {@code url}, which may hold one already. */
  static Store postgres(String url, Manifest manifest, int rowsMax) {
    return open(PostgresDatabase.open(url), manifest, rowsMax);
  }

  /** One in {@code database}, which is closed with it. */
  static Store open(Database database, Manifest manifest, int rowsMax) {
    return SqlStore.open(database, manifest, "test", rowsMax, ids(), InstantSource.system());
  }

  static IdSource ids() {
    return new IdSource(InstantSource.system());
  }

  static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(10));
  }

  static PylonException refusal(ThrowingCallable work) {
    var caught = new AtomicReference<PylonException>();
    assertThatThrownBy(work).isInstanceOfSatisfying(PylonException.class, caught::set);
    return caught.get();
  }

  static Map<String, @Nullable Object> patch(@Nullable Object... pairs) {
    var patch = new HashMap<String, @Nullable Object>();
    for (int i = 0; i < pairs.length; i += 2) {
      patch.put((String) pairs[i], pairs[i + 1]);
    }
    return patch;
  }

  static List<Object> column(List<Map<String, @Nullable Object>> rows, String name) {
    return Arrays.asList(rows.stream().map(row -> row.get(name)).toArray());
  }
}
