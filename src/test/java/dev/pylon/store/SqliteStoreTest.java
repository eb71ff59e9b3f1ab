package dev.pylon.store;

import static dev.pylon.store.Stores.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.db.Sql;
import dev.pylon.schema.Manifest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SqliteStoreTest extends StoreContract {
  @Override
  Store open(Path folder, Manifest manifest) {
    return Stores.sqlite(folder, manifest, 100);
  }

  @Test
  void tablesAreMadeAsTheContractWritesThem() {
    String sql =
        store.own(own ->
            own.first(
                Sql.of("SELECT sql FROM sqlite_schema WHERE name = 'User'"), row -> row.text(0)));

    assertThat(sql)
        .isEqualTo(
            "CREATE TABLE \"User\" (id TEXT PRIMARY KEY NOT NULL, \"email\" TEXT NOT NULL UNIQUE,"
                + " \"name\" TEXT)");
  }

  @Test
  void booleansAreStoredAsZeroAndOneAndOldSecondsAreShownAsInstants() {
    String id = insert("Todo", Map.of("title", "x", "done", true));
    store.write(
        soon(),
        tx -> tx.own(own -> own.execute(Sql.of("UPDATE \"Todo\" SET due = '1767225600Z'"))));

    List<Long> stored =
        store.own(own -> own.list(Sql.of("SELECT done FROM \"Todo\""), row -> row.integer(0)));

    assertThat(stored).containsExactly(1L);
    assertThat(store.get("Todo", id).orElseThrow())
        .containsEntry("due", "2026-01-01T00:00:00.000Z");
  }
}
