package dev.pylon.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.db.Table;
import dev.pylon.schema.Entity;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tables beside those of a manifest, some of them with a {@linkplain Hostile#SECRET secret}, and
 * what was in them at first. Whatever is sent to the store must leave them as they are.
 */
public final class Bystanders {
  private final Store store;
  private final Map<String, String> before;

  private Bystanders(Store store) {
    this.store = store;
    this.before = state();
  }

  /** Makes some in the database of {@code store}, which has none yet. */
  public static Bystanders beside(Store store) {
    store.writeOwn(
        Stores.soon(),
        own -> {
          for (String table : List.of("victims", "_pylon_accounts")) {
            own.execute(
                Sql.of("CREATE TABLE %s (id TEXT PRIMARY KEY, secret TEXT)".formatted(table)));
            own.execute(
                Sql.of("INSERT INTO %s VALUES (?, ?)".formatted(table), "1", Hostile.SECRET));
          }
          return true;
        });
    return new Bystanders(store);
  }

  public void requireUntouched() {
    assertThat(state()).isEqualTo(before);
  }

  /** The form of every table, and what is in those that nothing sent to the store writes. */
  private Map<String, String> state() {
    List<String> written = store.manifest().entities().stream().map(Entity::name).toList();
    return store.own(own -> {
      var state = new TreeMap<String, String>();
      for (Table table : own.dialect().tables(own)) {
        boolean ours =
            written.contains(table.name())
                || table.name().startsWith("_pylon_changes")
                || table.name().startsWith("_fts_");
        state.put(table.name(), table + (ours ? "" : rows(own, table)));
      }
      return state;
    });
  }

  private static String rows(Session own, Table table) {
    return own.list(
            Sql.of("SELECT * FROM " + own.dialect().quote(table.name())),
            row -> {
              var cells = new StringBuilder("\n");
              for (int i = 0; i < table.columns().size(); i++) {
                cells.append(row.text(i)).append('|');
              }
              return cells.toString();
            })
        .toString();
  }
}
