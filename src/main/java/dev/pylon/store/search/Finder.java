package dev.pylon.store.search;

import static dev.pylon.store.query.TextSearch.ID;
import static dev.pylon.store.query.TextSearch.RANK;

import dev.pylon.db.Dialect;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.schema.FieldType;
import dev.pylon.store.query.Column;
import dev.pylon.store.query.Condition;
import dev.pylon.store.query.Order;
import dev.pylon.store.query.Query;
import dev.pylon.store.query.QueryCompiler;
import dev.pylon.store.query.Source;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one search: one for the page of hits, one for all that is counted. Both go by
 * the index; only the hits of the page are looked up among the rows.
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

  private static final Column SORT_BY_RANK = new Column("fts.sort", FieldType.Kind.INT, false);
  private static final Order BY_ID = new Order(Column.ID, false);

  private final SearchIndex index;
  private final IndexTables tables;
  private final SearchRequest request;
  private final Condition visible;
  private final Dialect dialect;

  Finder(SearchIndex index, SearchRequest request, Condition visible) {
    this.index = index;
    this.tables = index.tables();
    this.request = request;
    this.visible = visible;
    this.dialect = index.dialect();
  }

  /** The rows of the index that have the words of {@code text}, in the {@code FROM} of a select. */
  static Sql found(SearchIndex index, TextQuery text) {
    return rows(index, List.of(new Wanted(text.whole(), text.last(), null, "")));
  }

  /**
   * What rows are found by.
   *
   * @param points what else is selected of such a row, led by a comma
   */
  private record Wanted(
      List<String> whole, @Nullable String prefix, @Nullable String without, String points) {}

  /**
   * Words first, which find the fewer: a row is looked up by the number they give, and nobody looks
   * at the others, not even to see who may have them.
   */
  private static Sql rows(SearchIndex index, List<Wanted> all) {
    return index.dialect().crossJoinsInOrder() ? joined(index, all) : lookedUp(index, all);
  }

  private static Sql joined(SearchIndex index, List<Wanted> all) {
    var statement = new Statement();
    String before = "(";
    for (Wanted wanted : all) {
      statement.add(before).add(numbers(index, wanted, wanted.points()));
      before = " UNION ALL ";
    }
    return statement
        .add(") AS \"fts.found\" CROSS JOIN ")
        .add(index.tables().rows())
        .add(" ON \"fts.hit\" = " + IndexTables.NUMBER)
        .end();
  }

  /**
   * Numbers gathered in an array are no table that all rows could be run through beside. What is
   * found goes by the name of the table, so that conditions on a row need not know.
   */
  private static Sql lookedUp(SearchIndex index, List<Wanted> all) {
    var statement = new Statement();
    String before = "(";
    for (Wanted wanted : all) {
      statement
          .add(before)
          .add("SELECT *%s FROM ".formatted(wanted.points()))
          .add(index.tables().rows())
          .add(" WHERE %s = ANY (ARRAY(".formatted(IndexTables.NUMBER))
          .add(numbers(index, wanted, ""))
          .add("))");
      before = " UNION ALL ";
    }
    return statement.add(") AS ").add(index.tables().rows()).end();
  }

  private static Sql numbers(SearchIndex index, Wanted wanted, String points) {
    IndexTables tables = index.tables();
    return new Statement()
        .add("SELECT rowid AS \"fts.hit\"%s FROM ".formatted(points))
        .add(tables.words())
        .add(" WHERE ")
        .add(
            index
                .dialect()
                .textIndex()
                .matches(tables.wordsName(), wanted.whole(), wanted.prefix(), wanted.without()))
        .end();
  }

  /** The answer in the contract's form, without how long it took. */
  Map<String, @Nullable Object> find(Session session, Hits hits) {
    var answer = new LinkedHashMap<String, @Nullable Object>();
    answer.put("hits", session.list(hits(hits.columns()), hits.reader()));
    var counts = new FacetCounts(request.facets(), List.copyOf(request.filters().keySet()));
    session.list(kinds(), counts::add);
    answer.put("facetCounts", counts.byFacet());
    answer.put("total", counts.total());
    return answer;
  }

  // ---- hits ----

  /** The rows of the page, best first. */
  private Sql hits(String columns) {
    Order order = order();
    Statement statement =
        new Statement()
            .add("SELECT ")
            .add(columns)
            .add(" FROM (")
            .add(page(order))
            .add(") AS \"fts.hits\" CROSS JOIN ")
            .add(dialect.quote(index.entity().name()))
            .add(" WHERE %s = id".formatted(ID));
    if (isJudgedByIndex() && isPoliced()) {
      // What is shown, the rows themselves have a last word about.
      statement.add(" AND ").add(QueryCompiler.condition(dialect, visible, index));
    }
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
    var statement = new Statement();
    if (order != null && order.column().equals(SORT_BY_RANK)) {
      statement.add(ranked(index, request.text()));
    } else {
      statement.add("SELECT id AS " + ID);
      statement.add(
          order == null ? "" : ", %s AS %s".formatted(dialect.quote(order.column().name()), RANK));
      statement.add(" FROM ").add(from());
    }
    return statement
        .add(where("", true))
        .add(
            tail(
                order == null ? List.of(BY_ID) : List.of(order, BY_ID),
                (long) request.pageSize(),
                request.offset()))
        .end();
  }

  /** Every row that is found, with its rank. */
  static Sql ranked(SearchIndex index, TextQuery text) {
    return new Statement()
        .add("SELECT id AS %s, ".formatted(ID))
        .add(rank(index, text))
        .add(" AS %s FROM ".formatted(RANK))
        .add(rows(index, bothWays(text)))
        .end();
  }

  /** The rows that have the last word as it is, and then those where a word begins with it. */
  private static List<Wanted> bothWays(TextQuery text) {
    String last = Objects.requireNonNull(text.last());
    String points = ", %d AS \"fts.whole\"";
    return List.of(
        new Wanted(with(text.whole(), last), null, null, points.formatted(WHOLE_POINTS)),
        new Wanted(text.whole(), last, last, points.formatted(0)));
  }

  private static Sql rank(SearchIndex index, TextQuery text) {
    String last = Objects.requireNonNull(text.last());
    var statement = new Statement();
    statement.add("(%d + \"fts.whole\"".formatted(WORD_POINTS * (text.whole().size() + 1)));
    for (String word : text.whole()) {
      statement.add(points(index, OFTEN_POINTS, with(text.whole(), RowText.often(word)), null));
      statement.add(
          points(index, VERY_OFTEN_POINTS, with(text.whole(), RowText.veryOften(word)), null));
    }
    statement.add(points(index, OFTEN_POINTS, text.whole(), RowText.often(last)));
    statement.add(points(index, VERY_OFTEN_POINTS, text.whole(), RowText.veryOften(last)));
    return statement
        .add(") * %d / (%d + %s)".formatted(SCALE, HALF_LENGTH, IndexTables.LENGTH))
        .end();
  }

  private static Sql points(
      SearchIndex index, int points, List<String> words, @Nullable String prefix) {
    return new Statement()
        .add(" + CASE WHEN %s IN (".formatted(IndexTables.NUMBER))
        .add(numbers(index, new Wanted(words, prefix, null, ""), ""))
        .add(") THEN %d ELSE 0 END".formatted(points))
        .end();
  }

  private static List<String> with(List<String> words, String one) {
    var more = new ArrayList<>(words);
    more.add(one);
    return more;
  }

  // ---- counts ----

  /** The kinds of the rows, as {@link FacetCounts} takes them; no filter keeps a kind out. */
  private Sql kinds() {
    if (isTextAsked() || !isPoliced() || !isJudgedByIndex() || !tables.leadsToTheVisible()) {
      return countedInOnePass("");
    }
    if (!dialect.plansByStatistics()) {
      return countedEachByItself();
    }
    return tables.mayBeLong() ? countedByLength() : countedInOnePass("");
  }

  /** Looks at none but the visible where a rule says whose they are; at a cost for each kind. */
  private Sql countedEachByItself() {
    return new Statement()
        .add("SELECT (SELECT count(*) FROM ")
        .add(tables.rows())
        .add(" WHERE %s = %s AND ".formatted(IndexTables.KIND, IndexTables.CODE))
        .add(isVisible())
        .add(")")
        .add(told())
        .add(" FROM ")
        .add(tables.kinds())
        .end();
  }

  /** Rows that are short and the others have an index each, and may be of the same kind. */
  private Sql countedByLength() {
    return new Statement()
        .add(countedInOnePass(IndexTables.SHORT))
        .add(" UNION ALL ")
        .add(countedInOnePass("NOT " + IndexTables.SHORT))
        .end();
  }

  /** What is told of a kind beside its number. */
  private Sql told() {
    var statement = new Statement();
    for (Condition filter : request.filters().values()) {
      statement
          .add(", CASE WHEN ")
          .add(QueryCompiler.condition(dialect, filter, null))
          .add(" THEN 0 ELSE 1 END");
    }
    return statement.add(tables.list(request.facets())).end();
  }

  /**
   * @param some of which rows; empty for all
   */
  private Sql countedInOnePass(String some) {
    return new Statement()
        .add("SELECT \"fts.count\"")
        .add(told())
        .add(
            " FROM (SELECT %s AS \"fts.of\", count(*) AS \"fts.count\" FROM "
                .formatted(IndexTables.KIND))
        .add(from())
        .add(where(some, false))
        .add(" GROUP BY %s) AS \"fts.counted\" CROSS JOIN ".formatted(IndexTables.KIND))
        .add(tables.kinds())
        .add(" WHERE \"fts.of\" = " + IndexTables.CODE)
        .end();
  }

  // ---- parts of both ----

  private Sql from() {
    return isTextAsked() ? found(index, request.text()) : Sql.of(tables.rows());
  }

  /** What rows must fulfil: be some of them, be visible, and, where asked for, pass the filters. */
  private Sql where(String some, boolean filtered) {
    var parts = new ArrayList<Sql>();
    if (!some.isEmpty()) {
      parts.add(Sql.of(some));
    }
    if (filtered && !request.filters().isEmpty()) {
      parts.add(passes(request.filters().values()));
    }
    if (isPoliced()) {
      parts.add(isVisible());
    }
    var statement = new Statement();
    for (int i = 0; i < parts.size(); i++) {
      statement.add(i == 0 ? " WHERE " : " AND ").add(parts.get(i));
    }
    return statement.end();
  }

  private Sql passes(Collection<Condition> filters) {
    return new Statement()
        .add(
            "%s IN (SELECT %s FROM %s WHERE "
                .formatted(IndexTables.KIND, IndexTables.CODE, tables.kinds()))
        .add(QueryCompiler.condition(dialect, new Condition.And(List.copyOf(filters)), null))
        .add(")")
        .end();
  }

  /**
   * What policies go by is in the index. Where it is not, each of the few rows that words find is
   * looked at; otherwise the ids of all that are visible are gathered first.
   */
  private Sql isVisible() {
    if (isJudgedByIndex()) {
      return QueryCompiler.condition(dialect, visible, null);
    }
    String entity = dialect.quote(index.entity().name());
    if (isTextAsked()) {
      return new Statement()
          .add(
              "EXISTS (SELECT 1 FROM %1$s WHERE %1$s.id = %2$s.id AND "
                  .formatted(entity, tables.rows()))
          .add(QueryCompiler.condition(dialect, visible, index))
          .add(")")
          .end();
    }
    Query rows = new Query(visible, List.of(), null, 0);
    return new Statement()
        .add("id IN (")
        .add(QueryCompiler.compile(dialect, new Source("id", entity, index), rows))
        .add(")")
        .end();
  }

  /** Whether there is anything that rows must fulfil to be seen. */
  private boolean isPoliced() {
    return !visible.equals(Condition.EVERYTHING);
  }

  private boolean isJudgedByIndex() {
    return visible.isOf(tables::holds);
  }

  private Sql tail(List<Order> order, @Nullable Long limit, long offset) {
    return QueryCompiler.tail(dialect, order, limit, offset);
  }
}
