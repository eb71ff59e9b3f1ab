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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The index of one entity: what it covers, and how it follows the rows. It is told of every row
 * that is written, in the transaction that writes it and after the row itself; what it throws
 * undoes the row too. Rows are as they are read: {@code id}, then every field. Immutable.
 *
 * <p>Fields that the manifest names and the entity does not have are passed over, as are texts that
 * are not text.
 */
public final class SearchIndex implements TextSearch {
  /** Goes up with every change of the tables or of what a word is: indexes are then made anew. */
  private static final int VERSION = 5;

  private final Entity entity;
  private final Dialect dialect;
  private final ColumnTypes types;
  private final List<String> texts;
  private final List<String> sortable;
  private final IndexTables tables;
  private final Kinds kinds;
  private final String put;
  private final String kindOf;
  private final String refresh;
  private final String remove;

  private SearchIndex(
      Entity entity, Search search, List<Field> judged, Dialect dialect, ColumnTypes types) {
    this.entity = entity;
    this.dialect = dialect;
    this.types = types;
    this.texts =
        fields(entity, search.text()).filter(SearchIndex::isText).map(Field::name).toList();
    this.sortable = search.sortable();
    this.tables =
        new IndexTables(
            dialect,
            entity.name(),
            fields(entity, search.facets()).toList(),
            fields(entity, sortable).toList(),
            judged);
    this.kinds = new Kinds(tables);
    this.put = putText();
    this.kindOf = "SELECT %s FROM %s WHERE id = ?".formatted(IndexTables.KIND, tables.rows());
    this.refresh = refreshText();
    this.remove =
        "DELETE FROM %s WHERE id = ? RETURNING %s, %s"
            .formatted(tables.rows(), IndexTables.NUMBER, IndexTables.KIND);
  }

  /**
   * The index that {@code entity} asks for; empty where it is not searchable.
   *
   * @param judged the fields by which policies say who may find a row
   * @param types how the values of a field are stored
   */
  public static Optional<SearchIndex> of(
      Entity entity, List<Field> judged, Dialect dialect, ColumnTypes types) {
    Search search = entity.search();
    return search == null || search.isEmpty()
        ? Optional.empty()
        : Optional.of(new SearchIndex(entity, search, judged, dialect, types));
  }

  private static Stream<Field> fields(Entity entity, List<String> names) {
    return names.stream().distinct().flatMap(name -> entity.field(name).stream());
  }

  static boolean isText(Field field) {
    return switch (field.type().kind()) {
      case STRING, RICHTEXT, ID -> true;
      case INT, FLOAT, BOOL, DATETIME -> false;
    };
  }

  /** The entity whose rows it covers. */
  public Entity entity() {
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
    return tables.facets();
  }

  Optional<Column> sortable(String name) {
    if (!sortable.contains(name)) {
      return Optional.empty();
    }
    return name.equals("id") ? Optional.of(Column.ID) : entity.field(name).map(Column::of);
  }

  /** Two indexes with the same text hold the same of the same rows. */
  String shape() {
    return Json.text(
        List.of(
            VERSION,
            tables.rowsName(),
            texts,
            tables.facets().stream().map(this::shape).toList(),
            tables.sortable().stream().map(this::shape).toList(),
            tables.judged().stream().map(this::shape).toList()));
  }

  private List<Object> shape(Field field) {
    return List.of(field.name(), types.declare(field.type()), field.optional());
  }

  List<Sql> create() {
    return tables.create(types);
  }

  // ---- following the rows ----

  public void inserted(Session session, Map<String, @Nullable Object> after) {
    put(session, after);
  }

  /**
   * The same for many. Their words are written last and in one go: FTS5 gathers what is written to
   * it, until another statement comes that can fail half done.
   */
  public void inserted(Session session, List<? extends Map<String, @Nullable Object>> rows) {
    var words = new ArrayList<Sql>(rows.size());
    for (Map<String, @Nullable Object> row : rows) {
      words.add(place(session, row));
    }
    words.forEach(session::execute);
  }

  public void updated(
      Session session, Map<String, @Nullable Object> before, Map<String, @Nullable Object> after) {
    boolean textsChanged =
        texts.stream().anyMatch(name -> !Objects.equals(before.get(name), after.get(name)));
    boolean kindChanged = differ(tables.facets(), before, after);
    if (!textsChanged && !kindChanged && !differ(tables.held(), before, after)) {
      return;
    }
    Object id = after.get("id");
    // A row from before the index may have yet to be put into it.
    Long old = session.first(Sql.of(kindOf, id), row -> row.integer(0));
    if (textsChanged) {
      put(session, after);
    } else if (old != null) {
      long kind = kindChanged ? kinds.of(session, after) : old;
      session.execute(Sql.of(refresh, kind, id));
    }
    if (old != null && kindChanged) {
      kinds.forget(session, old);
    }
  }

  private static boolean differ(
      List<Field> fields, Map<String, @Nullable Object> one, Map<String, @Nullable Object> other) {
    return fields.stream()
        .map(Field::name)
        .anyMatch(name -> !Objects.equals(one.get(name), other.get(name)));
  }

  public void deleted(Session session, Map<String, @Nullable Object> before) {
    record Place(long number, long kind) {}
    Place place =
        session.first(
            Sql.of(remove, before.get("id")), row -> new Place(row.integer(0), row.integer(1)));
    if (place != null) {
      session.execute(dialect.textIndex().remove(tables.wordsName(), place.number()));
      kinds.forget(session, place.kind());
    }
  }

  /** Puts a row in as it is, whether or not it is there already. */
  void put(Session session, Map<String, @Nullable Object> row) {
    session.execute(place(session, row));
  }

  /** Gives a row its place; what then puts its words in. */
  private Sql place(Session session, Map<String, @Nullable Object> row) {
    RowText text =
        RowText.of(
            texts.stream()
                .map(row::get)
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .toList());
    Sql place = Sql.of(put, text.length(), kinds.of(session, row), row.get("id"));
    Long number = session.first(place, columns -> columns.integer(0));
    return dialect
        .textIndex()
        .put(tables.wordsName(), Objects.requireNonNull(number), text.words());
  }

  /** What is held of a row is taken from the row itself, so it is the very same. */
  private String putText() {
    String held = tables.list(tables.held());
    String changes =
        Stream.concat(
                Stream.of(IndexTables.LENGTH, IndexTables.KIND),
                tables.held().stream().map(field -> dialect.quote(field.name())))
            .map(name -> "%1$s = excluded.%1$s".formatted(name))
            .collect(Collectors.joining(", "));
    return """
    INSERT INTO %s (id, %s, %s%s) SELECT id, ?, ?%s FROM %s WHERE id = ?
      ON CONFLICT (id) DO UPDATE SET %s RETURNING %s\
    """
        .formatted(
            tables.rows(),
            IndexTables.LENGTH,
            IndexTables.KIND,
            held,
            held,
            dialect.quote(entity.name()),
            changes,
            IndexTables.NUMBER);
  }

  private String refreshText() {
    String held =
        tables.held().stream()
            .map(field ->
                ", %1$s = (SELECT row.%1$s FROM %2$s AS row WHERE row.id = %3$s.id)"
                    .formatted(
                        dialect.quote(field.name()), dialect.quote(entity.name()), tables.rows()))
            .collect(Collectors.joining());
    return "UPDATE %s SET %s = ?%s WHERE id = ?".formatted(tables.rows(), IndexTables.KIND, held);
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
        .add(")")
        .end();
  }

  @Override
  public @Nullable Sql ranked(String text) {
    TextQuery query = TextQuery.parse(text);
    return query.isEmpty() ? null : Finder.ranked(this, query);
  }
}
