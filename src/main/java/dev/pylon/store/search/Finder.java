package dev.pylon.store.search;

import dev.pylon.db.Columns;
import dev.pylon.db.Dialect;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.schema.Field;
import dev.pylon.schema.FieldType;
import dev.pylon.store.query.Column;
import dev.pylon.store.query.Condition;
import dev.pylon.store.query.Instants;
import dev.pylon.store.query.Order;
import dev.pylon.store.query.Query;
import dev.pylon.store.query.QueryCompiler;
import dev.pylon.store.query.Source;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one search. All of them go by the index alone; only the hits of the page are
 * looked up among the rows.
 *
 * <p>Rows found by words are ranked in whole numbers, so that every database puts them in the same
 * order: points for each word, more where the row says it often and where the last word is not just
 * a beginning, divided by the length of the row's texts. What all rows have in common, as how rare
 * a word is among them, ranks nothing here: a row must have every word.
 */
final class Finder {
  private static final int WORD_POINTS = 10;
  private static final int OFTEN_POINTS = 4;
  private static final int VERY_OFTEN_POINTS = 3;
  private static final int WHOLE_POINTS = 5;

  /** A text of as many words counts half as much as one of a few. */
  private static final int HALF_LENGTH = 100;

  /** Keeps small differences apart when the points are divided. */
  private static final int SCALE = 100_000;

  /** Values counted of one facet, those most rows have. */
  private static final int VALUES_MAX = 100;

  static final String SAME_ROW = "\"fts.hit\" = " + IndexTables.NUMBER;

  private static final Column SORT_BY_RANK = new Column("fts.sort", FieldType.Kind.INT, false);
  private static final Column COUNT = new Column("fts.count", FieldType.Kind.INT, false);
  private static final Order BY_ID = new Order(Column.ID, false);

  private final SearchIndex index;
  private final SearchRequest request;
  private final Condition visible;
  private final Dialect dialect;

  Finder(SearchIndex index, SearchRequest request, Condition visible) {
    this.index = index;
    this.request = request;
    this.visible = visible;
    this.dialect = index.dialect();
  }

  /** The rows of the index that have the words of {@code text}, in the {@code FROM} of a select. */
  static Sql found(SearchIndex index, TextQuery text) {
    // CROSS JOIN, because SQLite then keeps the order: words first, which are the fewer.
    return new Statement()
        .add("(")
        .add(numbers(index, text.whole(), text.last(), ""))
        .add(") AS \"fts.found\" CROSS JOIN ")
        .add(index.tables().rows())
        .end();
  }

  private static Sql numbers(
      SearchIndex index, List<String> words, @Nullable String prefix, String more) {
    IndexTables tables = index.tables();
    return new Statement()
        .add("SELECT rowid AS \"fts.hit\"%s FROM ".formatted(more))
        .add(tables.words())
        .add(" WHERE ")
        .add(index.dialect().textIndex().matches(tables.wordsName(), words, prefix))
        .end();
  }

  /** The answer in the contract's form, without how long it took. */
  Map<String, @Nullable Object> find(Session session, Hits hits) {
    List<Map<String, @Nullable Object>> rows = session.list(hits(hits.columns()), hits.reader());
    var counts = new LinkedHashMap<String, @Nullable Object>();
    for (Field facet : request.facets()) {
      Map<String, Long> values = values(session, facet);
      if (!values.isEmpty()) {
        counts.put(facet.name(), values);
      }
    }
    var answer = new LinkedHashMap<String, @Nullable Object>();
    answer.put("hits", rows);
    answer.put("facetCounts", counts);
    answer.put("total", session.one(total(), row -> row.integer(0)).orElseThrow());
    return answer;
  }

  // ---- hits ----

  /** The rows of the page, best first. */
  Sql hits(String columns) {
    Order order = order();
    Statement statement =
        new Statement()
            .add("SELECT ")
            .add(columns)
            .add(" FROM (")
            .add(page(order))
            .add(") AS \"fts.hits\" CROSS JOIN ")
            .add(dialect.quote(index.entity().name()))
            .add(" WHERE \"fts.id\" = id");
    if (order == null) {
      return statement.add(tail(List.of(BY_ID), null, 0)).end();
    }
    var sort = new Column(SORT_BY_RANK.name(), order.column().kind(), order.column().optional());
    return statement.add(tail(List.of(new Order(sort, order.descending()), BY_ID), null, 0)).end();
  }

  /** By what hits are sorted before their ids; null for nothing. */
  private @Nullable Order order() {
    if (request.sort() != null) {
      return request.sort();
    }
    return isTextAsked() ? new Order(SORT_BY_RANK, true) : null;
  }

  private boolean isTextAsked() {
    return !request.text().isEmpty() && !index.texts().isEmpty();
  }

  /** Ids of the page, each with what it is sorted by. */
  private Sql page(@Nullable Order order) {
    var statement = new Statement().add("SELECT id AS \"fts.id\"");
    boolean ranked = order != null && order.column().equals(SORT_BY_RANK);
    if (ranked) {
      statement.add(", ").add(rank()).add(" AS \"fts.sort\"");
    } else if (order != null) {
      statement.add(", ").add(dialect.quote(order.column().name())).add(" AS \"fts.sort\"");
    }
    statement.add(from());
    if (ranked) {
      statement
          .add(" LEFT JOIN (")
          .add(morePoints(request.text()))
          .add(") AS \"fts.more\" ON \"fts.better\" = ")
          .add(IndexTables.NUMBER);
    }
    return statement
        .add(where(request.filters().keySet().stream().toList()))
        .add(
            tail(
                order == null ? List.of(BY_ID) : List.of(order, BY_ID),
                (long) request.pageSize(),
                request.offset()))
        .end();
  }

  private String rank() {
    int points = WORD_POINTS * (request.text().whole().size() + 1);
    return "(%d + coalesce(\"fts.points\", 0)) * %d / (%d + %s)"
        .formatted(points, SCALE, HALF_LENGTH, IndexTables.LENGTH);
  }

  /** The rows that have more to offer than each word once, with the points for that. */
  private Sql morePoints(TextQuery text) {
    String last = Objects.requireNonNull(text.last());
    var parts = new ArrayList<Sql>();
    for (String word : text.whole()) {
      parts.add(points(OFTEN_POINTS, with(text.whole(), RowText.often(word)), last));
      parts.add(points(VERY_OFTEN_POINTS, with(text.whole(), RowText.veryOften(word)), last));
    }
    parts.add(points(OFTEN_POINTS, text.whole(), RowText.often(last)));
    parts.add(points(VERY_OFTEN_POINTS, text.whole(), RowText.veryOften(last)));
    parts.add(points(WHOLE_POINTS, with(text.whole(), last), null));
    var statement =
        new Statement()
            .add(
                "SELECT \"fts.hit\" AS \"fts.better\", sum(\"fts.part\") AS \"fts.points\" FROM (");
    for (int i = 0; i < parts.size(); i++) {
      statement.add(i == 0 ? "" : " UNION ALL ").add(parts.get(i));
    }
    return statement.add(") AS \"fts.parts\" GROUP BY \"fts.hit\"").end();
  }

  private Sql points(int points, List<String> words, @Nullable String prefix) {
    return numbers(index, words, prefix, ", %d AS \"fts.part\"".formatted(points));
  }

  private static List<String> with(List<String> words, String one) {
    var more = new ArrayList<>(words);
    more.add(one);
    return more;
  }

  // ---- counts ----

  Sql total() {
    return new Statement()
        .add("SELECT count(*)")
        .add(from())
        .add(where(List.copyOf(request.filters().keySet())))
        .end();
  }

  /** How many rows have each value, most first; the facet's own filter does not count. */
  Sql counts(Field facet) {
    String column = dialect.quote(facet.name());
    var others =
        request.filters().keySet().stream().filter(name -> !name.equals(facet.name())).toList();
    return new Statement()
        .add("SELECT %s, count(*) AS \"fts.count\"".formatted(column))
        .add(from())
        .add(where(others, column + " IS NOT NULL"))
        .add(" GROUP BY " + column)
        .add(
            tail(
                List.of(new Order(COUNT, true), new Order(Column.of(facet), false)),
                (long) VALUES_MAX,
                0))
        .end();
  }

  private Map<String, Long> values(Session session, Field facet) {
    var values = new LinkedHashMap<String, Long>();
    session.list(counts(facet), row -> values.put(key(row, facet.type().kind()), row.integer(1)));
    return values;
  }

  /** A value as a client names it; numbers in decimal, without a point where they are whole. */
  private static String key(Columns row, FieldType.Kind kind) {
    Object value = Objects.requireNonNull(row.value(0));
    return switch (kind) {
      case STRING, RICHTEXT, ID -> (String) value;
      case DATETIME -> Objects.requireNonNull(Instants.shown(row.text(0)));
      case BOOL -> String.valueOf(value instanceof Long number ? number != 0 : value);
      case INT, FLOAT -> new BigDecimal(value.toString()).stripTrailingZeros().toPlainString();
    };
  }

  // ---- parts of all ----

  private Sql from() {
    return isTextAsked()
        ? new Statement().add(" FROM ").add(found(index, request.text())).end()
        : Sql.of(" FROM " + index.tables().rows());
  }

  /** What rows must fulfil: words, the filters on {@code facets}, {@code more}, and be visible. */
  private Sql where(List<String> facets, String... more) {
    var parts = new ArrayList<Sql>();
    if (isTextAsked()) {
      parts.add(Sql.of(SAME_ROW));
    }
    for (String facet : facets) {
      Condition filter = Objects.requireNonNull(request.filters().get(facet));
      parts.add(QueryCompiler.condition(dialect, filter, null));
    }
    for (String part : more) {
      parts.add(Sql.of(part));
    }
    if (!visible.equals(Condition.EVERYTHING)) {
      parts.add(isVisible());
    }
    var statement = new Statement();
    for (int i = 0; i < parts.size(); i++) {
      statement.add(i == 0 ? " WHERE " : " AND ").add(parts.get(i));
    }
    return statement.end();
  }

  private Sql isVisible() {
    var source = new Source("id", dialect.quote(index.entity().name()), index);
    Query rows = new Query(visible, List.of(), null, 0);
    return new Statement()
        .add("id IN (")
        .add(QueryCompiler.compile(dialect, source, rows))
        .add(")")
        .end();
  }

  private Sql tail(List<Order> order, @Nullable Long limit, long offset) {
    return QueryCompiler.tail(dialect, order, limit, offset);
  }
}
