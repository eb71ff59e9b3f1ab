package dev.pylon.store.search;

import dev.pylon.db.Dialect;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.json.Json;
import dev.pylon.schema.ColumnTypes;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Field;
import dev.pylon.schema.Search;
import dev.pylon.store.query.Column;
import dev.pylon.store.query.Condition;
import dev.pylon.store.query.TextSearch;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The index of one entity: what it covers, and how it follows the rows. It is told of every row
 * that is written, in the transaction that writes it and right after the row itself; what it throws
 * undoes the row too. Rows are as they are read: {@code id}, then every field. Immutable.
 *
 * <p>Fields that the manifest names and the entity does not have are passed over, as are texts that
 * are not text.
 */
public final class SearchIndex implements TextSearch {
  /** Goes up with every change of the tables or of what a word is: indexes are then made anew. */
  private static final int VERSION = 1;

  private final Entity entity;
  private final Dialect dialect;
  private final ColumnTypes types;
  private final List<String> texts;
  private final List<Field> facets;
  private final List<String> sortable;
  private final IndexTables tables;
  private final String put;
  private final String refresh;
  private final String remove;

  private SearchIndex(Entity entity, Search search, Dialect dialect, ColumnTypes types) {
    this.entity = entity;
    this.dialect = dialect;
    this.types = types;
    this.texts =
        fields(entity, search.text()).filter(SearchIndex::isText).map(Field::name).toList();
    this.facets = fields(entity, search.facets()).toList();
    this.sortable = search.sortable();
    var kept = new LinkedHashSet<>(facets);
    fields(entity, sortable).forEach(kept::add);
    this.tables = new IndexTables(dialect, entity.name(), List.copyOf(kept));
    this.put = putText();
    this.refresh = refreshText();
    this.remove =
        "DELETE FROM %s WHERE id = ? RETURNING %s".formatted(tables.rows(), IndexTables.NUMBER);
  }

  /**
   * The index that {@code entity} asks for; empty where it is not searchable.
   *
   * @param types how the values of a field are stored
   */
  public static Optional<SearchIndex> of(Entity entity, Dialect dialect, ColumnTypes types) {
    Search search = entity.search();
    return search == null || search.isEmpty()
        ? Optional.empty()
        : Optional.of(new SearchIndex(entity, search, dialect, types));
  }

  private static Stream<Field> fields(Entity entity, List<String> names) {
    return names.stream().distinct().flatMap(name -> entity.field(name).stream());
  }

  private static boolean isText(Field field) {
    return switch (field.type().kind()) {
      case STRING, RICHTEXT, ID -> true;
      case INT, FLOAT, BOOL, DATETIME -> false;
    };
  }

  Entity entity() {
    return entity;
  }

  Dialect dialect() {
    return dialect;
  }

  IndexTables tables() {
    return tables;
  }

  List<String> texts() {
    return texts;
  }

  List<Field> facets() {
    return facets;
  }

  Optional<Column> sortable(String name) {
    if (!sortable.contains(name)) {
      return Optional.empty();
    }
    return name.equals("id") ? Optional.of(Column.ID) : entity.field(name).map(Column::of);
  }

  /** Two indexes with the same text hold the same of the same rows. */
  String shape() {
    var columns =
        tables.kept().stream()
            .map(field -> List.of(field.name(), types.declare(field.type()), field.optional()))
            .toList();
    return Json.text(List.of(VERSION, tables.rowsName(), texts, columns));
  }

  List<Sql> create() {
    return tables.create(types);
  }

  // ---- following the rows ----

  public void inserted(Session session, Map<String, @Nullable Object> after) {
    put(session, after);
  }

  public void updated(
      Session session, Map<String, @Nullable Object> before, Map<String, @Nullable Object> after) {
    if (texts.stream().anyMatch(name -> !Objects.equals(before.get(name), after.get(name)))) {
      put(session, after);
    } else if (tables.kept().stream()
        .map(Field::name)
        .anyMatch(name -> !Objects.equals(before.get(name), after.get(name)))) {
      Object id = after.get("id");
      session.execute(Sql.of(refresh, id, id));
    }
  }

  public void deleted(Session session, Map<String, @Nullable Object> before) {
    Long number = session.first(Sql.of(remove, before.get("id")), row -> row.integer(0));
    // A row from before the index that has not been put into it yet has no number.
    if (number != null) {
      session.execute(dialect.textIndex().remove(tables.wordsName(), number));
    }
  }

  /** Puts a row in as it is, whether or not it is there already. */
  void put(Session session, Map<String, @Nullable Object> row) {
    RowText text =
        RowText.of(
            texts.stream()
                .map(row::get)
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList());
    Long number =
        session.first(Sql.of(put, text.length(), row.get("id")), columns -> columns.integer(0));
    session.execute(
        dialect.textIndex().put(tables.wordsName(), Objects.requireNonNull(number), text.words()));
  }

  /** What a row is counted and sorted by is taken from the row itself, so it is the very same. */
  private String putText() {
    var columns = new ArrayList<String>();
    tables.kept().forEach(field -> columns.add(dialect.quote(field.name())));
    String fields = columns.stream().map(name -> ", " + name).collect(Collectors.joining());
    String changes =
        columns.stream()
            .map(name -> ", %1$s = excluded.%1$s".formatted(name))
            .collect(Collectors.joining());
    return "INSERT INTO %s (id, %s%s) SELECT id, ?%s FROM %s WHERE id = ? ON CONFLICT (id) DO UPDATE SET %s = excluded.%s%s RETURNING %s"
        .formatted(
            tables.rows(),
            IndexTables.LENGTH,
            fields,
            fields,
            dialect.quote(entity.name()),
            IndexTables.LENGTH,
            IndexTables.LENGTH,
            changes,
            IndexTables.NUMBER);
  }

  private String refreshText() {
    String columns =
        tables.kept().stream()
            .map(field -> dialect.quote(field.name()))
            .collect(Collectors.joining(", "));
    return "UPDATE %s SET (%s) = (SELECT %s FROM %s WHERE id = ?) WHERE id = ?"
        .formatted(tables.rows(), columns, columns, dialect.quote(entity.name()));
  }

  // ---- being asked ----

  /**
   * What {@code body} asks of this index.
   *
   * @throws dev.pylon.model.PylonException {@code INVALID_QUERY}
   */
  public SearchRequest parse(Map<String, @Nullable Object> body) {
    return SearchRequest.parse(this, body);
  }

  /**
   * The rows and counts that answer {@code request}: {@code hits}, {@code facetCounts} and {@code
   * total}.
   *
   * @param visible what a row must fulfil to be found or counted
   */
  public Map<String, @Nullable Object> find(
      Session session, SearchRequest request, Condition visible, Hits hits) {
    return new Finder(this, request, visible).find(session, hits);
  }

  @Override
  public Sql matches(String text) {
    TextQuery query = TextQuery.parse(text);
    if (query.isEmpty()) {
      return Sql.of("1 = 1");
    }
    return new Statement()
        .add("id IN (SELECT id FROM ")
        .add(Finder.found(this, query))
        .add(" WHERE ")
        .add(Finder.SAME_ROW)
        .add(")")
        .end();
  }
}
