package dev.pylon.store.search;

import dev.pylon.db.ColumnType;
import dev.pylon.db.Dialect;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.db.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes, fills and drops search indexes, so that a database has those that its manifest asks for.
 *
 * <p>An index that is new, or that covers something else from now on, is made together with the
 * change of schema. From then on it follows every write; the rows from before are put into it in
 * the order of their ids, some at a time, the first of them at once, each time in a transaction
 * that also says how far it got. So the writers in between wait for a moment only, and a start
 * after a crash goes on where it ended. To put a row in twice does no harm.
 */
public final class SearchIndexes {
  private static final String STATE = "_pylon_search";

  /** Rows put in at a time: some 20 ms of work, while other writers wait. */
  private static final int ROWS_AT_A_TIME = 200;

  private final Dialect dialect;

  public SearchIndexes(Dialect dialect) {
    this.dialect = dialect;
  }

  /**
   * Makes and drops indexes so that there are those of {@code wanted}. To be called where the
   * schema is changed, after the rows have the columns they need.
   *
   * @return the entities whose index lacks rows from before it, and is to be {@linkplain #fill
   *     filled}; a new one over few rows does not
   */
  public Set<String> prepare(Session session, Collection<SearchIndex> wanted) {
    Set<String> tables =
        dialect.tables(session).stream().map(Table::name).collect(Collectors.toSet());
    if (!tables.contains(STATE)) {
      if (wanted.isEmpty()) {
        return Set.of();
      }
      session.execute(createState());
    }
    Map<String, String> shapes = shapes(session);
    for (SearchIndex index : wanted) {
      String shape = shapes.remove(index.entity().name());
      if (!index.shape().equals(shape) || !tables.containsAll(index.tables().names())) {
        make(session, index);
      }
    }
    shapes.keySet().forEach(entity -> drop(session, entity));
    return Set.copyOf(
        session.list(
            Sql.of("SELECT entity FROM " + STATE + " WHERE filled_to IS NOT NULL"),
            row -> row.requiredText(0)));
  }

  private Sql createState() {
    String text = dialect.declare(ColumnType.TEXT);
    return Sql.of(
        "CREATE TABLE %s (entity %s PRIMARY KEY NOT NULL, shape %s NOT NULL, filled_to %s)"
            .formatted(STATE, text, text, text));
  }

  private static Map<String, String> shapes(Session session) {
    var shapes = new LinkedHashMap<String, String>();
    session.list(
        Sql.of("SELECT entity, shape FROM " + STATE + " ORDER BY entity"),
        row ->
            shapes.put(Objects.requireNonNull(row.text(0)), Objects.requireNonNull(row.text(1))));
    return shapes;
  }

  private void make(Session session, SearchIndex index) {
    String entity = index.entity().name();
    drop(session, entity);
    index.create().forEach(session::execute);
    session.execute(
        Sql.of(
            "INSERT INTO " + STATE + " (entity, shape, filled_to) VALUES (?, ?, ?)",
            entity,
            index.shape(),
            ""));
    fill(session, index);
  }

  private void drop(Session session, String entity) {
    new IndexTables(dialect, entity, List.of(), List.of(), List.of())
        .drop()
        .forEach(session::execute);
    session.execute(Sql.of("DELETE FROM " + STATE + " WHERE entity = ?", entity));
  }

  /** The id up to which rows have been put in; null where all have. */
  private static @Nullable String filledTo(Session session, SearchIndex index) {
    return session.first(
        Sql.of(
            "SELECT filled_to FROM " + STATE + " WHERE entity = ? AND filled_to IS NOT NULL",
            index.entity().name()),
        row -> row.requiredText(0));
  }

  /**
   * Puts some more rows in, where any are lacking.
   *
   * @return whether any are lacking then
   */
  public boolean fill(Session session, SearchIndex index) {
    String from = filledTo(session, index);
    if (from == null) {
      return false;
    }
    List<Map<String, @Nullable Object>> rows = rows(session, index, from);
    for (var row : rows) {
      index.put(session, row);
    }
    String to = rows.size() < ROWS_AT_A_TIME ? null : (String) rows.getLast().get("id");
    session.execute(
        Sql.of(
            "UPDATE " + STATE + " SET filled_to = ? WHERE entity = ?", to, index.entity().name()));
    return to != null;
  }

  private List<Map<String, @Nullable Object>> rows(
      Session session, SearchIndex index, String from) {
    var names = new ArrayList<>(List.of("id"));
    names.addAll(index.texts());
    int texts = names.size();
    index.facets().forEach(facet -> names.add(facet.name()));
    String columns = names.stream().map(dialect::quote).collect(Collectors.joining(", "));
    return session.list(
        Sql.of(
            "SELECT %s FROM %s WHERE id > ? ORDER BY id LIMIT ?"
                .formatted(columns, dialect.quote(index.entity().name())),
            from,
            ROWS_AT_A_TIME),
        row -> {
          var values = new HashMap<String, @Nullable Object>();
          for (int i = names.size() - 1; i >= 0; i--) {
            values.put(names.get(i), i < texts ? row.text(i) : row.value(i));
          }
          return values;
        });
  }
}
