package dev.pylon.store;

import dev.pylon.db.DatabaseException;
import dev.pylon.db.Dialect;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.db.Work;
import dev.pylon.model.PylonException;
import dev.pylon.store.query.Aggregate;
import dev.pylon.store.query.AggregateParser;
import dev.pylon.store.query.Column;
import dev.pylon.store.query.Condition;
import dev.pylon.store.query.EntityColumns;
import dev.pylon.store.query.Operand;
import dev.pylon.store.query.Query;
import dev.pylon.store.query.QueryCompiler;
import dev.pylon.store.query.QueryError;
import dev.pylon.store.query.QueryParser;
import dev.pylon.store.search.SearchIndex;
import dev.pylon.store.search.SearchRequest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reading, the same inside a transaction and outside; the two differ in where statements run. What
 * can be checked is checked on the caller's thread, before a database thread is asked.
 */
abstract class SqlReads implements Reads {
  private static final int PAGE_MAX = 1_000;

  /** Rows that {@link #each} holds at a time. */
  private static final int EACH_HELD = 500;

  /** What the answer is made of. */
  abstract Model model();

  abstract Dialect dialect();

  /** What of it may be seen. */
  abstract Access access();

  /** Rows an answer may have; more are refused, not cut. */
  abstract int rowsMax();

  /** Runs {@code work} where this view's statements run. */
  abstract <R> R run(Work<R, RuntimeException> work);

  private <R> R answer(Work<R, RuntimeException> work) {
    try {
      return run(work);
    } catch (DatabaseException e) {
      throw Refusals.ofRead(e);
    }
  }

  @Override
  public Optional<Map<String, @Nullable Object>> get(String entity, String id) {
    EntityTable table = model().table(entity);
    Sql sql = selectVisible(table, id);
    return answer(session -> session.one(sql, table.reader()));
  }

  /** The row called {@code id}, where it can be seen. */
  final Sql selectVisible(EntityTable table, String id) {
    Condition visible = visible(table);
    // No id holds U+0000, and not every database takes one in a question.
    String name = id.indexOf('\0') < 0 ? id : "";
    if (visible.equals(Condition.EVERYTHING)) {
      return table.selectById(name);
    }
    var called = new Condition.Compare(Column.ID, Condition.Comparison.EQUAL, name);
    return compile(table, Query.ALL.and(called).and(visible));
  }

  /** What a row must fulfil to be seen; whoever reads rows adds this to the question. */
  final Condition visible(EntityTable table) {
    Map<String, @Nullable Object> filter = access().readable(table.entity().name());
    return filter.isEmpty()
        ? Condition.EVERYTHING
        : QueryParser.parse(table.entity(), filter).where();
  }

  private Query visible(EntityTable table, Query query) {
    Condition visible = visible(table);
    return visible.equals(Condition.EVERYTHING) ? query : query.and(visible);
  }

  private Sql compile(EntityTable table, Query query) {
    return QueryCompiler.compile(dialect(), table.source(), query);
  }

  @Override
  public List<Map<String, @Nullable Object>> list(String entity) {
    return find(model().table(entity), Query.ALL);
  }

  @Override
  public Page paginate(String entity, @Nullable String after, int limit) {
    EntityTable table = model().table(entity);
    int size = Math.clamp(limit, 1, PAGE_MAX);
    // One more than the page tells whether anything follows.
    Query query = visible(table, Query.ALL);
    if (after != null) {
      query = query.and(behind(after));
    }
    Sql sql = compile(table, query.limit(size + 1L));
    List<Map<String, @Nullable Object>> rows = answer(session -> session.list(sql, table.reader()));
    if (rows.size() <= size) {
      return new Page(rows, null);
    }
    return new Page(rows.subList(0, size), (String) rows.get(size - 1).get("id"));
  }

  private static Condition behind(String id) {
    // Whatever comes behind it without U+0000 comes behind its beginning.
    String name = id.indexOf('\0') < 0 ? id : id.substring(0, id.indexOf('\0'));
    return new Condition.Compare(Column.ID, Condition.Comparison.GREATER, name);
  }

  @Override
  public Optional<Map<String, @Nullable Object>> lookup(
      String entity, String field, @Nullable Object value) {
    EntityTable table = model().table(entity);
    Column column = EntityColumns.require(table.entity(), field);
    if (value == null) {
      return Optional.empty();
    }
    Query query =
        Query.ALL.and(Operand.compare(column, Condition.Comparison.EQUAL, value)).limit(1L);
    Sql sql = compile(table, visible(table, query));
    return answer(session -> session.one(sql, table.reader()));
  }

  @Override
  public List<Map<String, @Nullable Object>> query(
      String entity, Map<String, @Nullable Object> filter) {
    EntityTable table = model().table(entity);
    return find(table, QueryParser.parse(table.entity(), filter));
  }

  @Override
  public void each(
      String entity,
      Map<String, @Nullable Object> filter,
      Consumer<Map<String, @Nullable Object>> taker) {
    EntityTable table = model().table(entity);
    Query query = QueryParser.parse(table.entity(), filter);
    if (!query.order().equals(Query.ALL.order())) {
      throw new PylonException(
          QueryError.INVALID_QUERY, "\"$order\" cannot be used where all rows are read");
    }
    Query rest = visible(table, query);
    long left = query.limit() == null ? Long.MAX_VALUE : query.limit();
    while (left > 0) {
      int size = (int) Math.min(left, EACH_HELD);
      Sql sql = compile(table, rest.limit((long) size));
      List<Map<String, @Nullable Object>> rows =
          answer(session -> session.list(sql, table.reader()));
      rows.forEach(taker);
      if (rows.size() < size) {
        return;
      }
      left -= size;
      Query filtered = new Query(query.where(), query.order(), null, 0);
      rest =
          visible(table, filtered)
              .and(behind((String) Objects.requireNonNull(rows.getLast().get("id"))));
    }
  }

  private List<Map<String, @Nullable Object>> find(EntityTable table, Query query) {
    var answer = new Answer();
    return answer(session -> answer.find(session, table, query));
  }

  /** Counts the rows of one answer. */
  private final class Answer {
    private long room = rowsMax();

    /** The rows {@code query} finds, refused where they are more than the answer may still have. */
    List<Map<String, @Nullable Object>> find(Session session, EntityTable table, Query query) {
      boolean bounded = query.limit() != null && query.limit() <= room;
      Query asked = visible(table, bounded ? query : query.limit(room + 1));
      return read(session, table, compile(table, asked));
    }

    /** As {@link #find}, with limit and offset for each value of {@code per}. */
    List<Map<String, @Nullable Object>> findForEach(
        Session session, EntityTable table, Query query, Column per) {
      Query asked = visible(table, query);
      return read(
          session,
          table,
          QueryCompiler.compileForEach(dialect(), table.source(), asked, per, room + 1));
    }

    private List<Map<String, @Nullable Object>> read(Session session, EntityTable table, Sql sql) {
      List<Map<String, @Nullable Object>> rows = session.list(sql, table.reader());
      if (rows.size() > room) {
        throw StoreError.tooLarge(rowsMax());
      }
      room -= rows.size();
      return rows;
    }
  }

  @Override
  public Map<String, List<Map<String, @Nullable Object>>> graph(
      Map<String, @Nullable Object> query) {
    Graph graph = Graph.parse(model(), query);
    return answer(session -> new GraphLoader(new GraphRows(session)).load(graph));
  }

  private final class GraphRows implements GraphLoader.Finder {
    private final Session session;
    private final Answer answer = new Answer();

    GraphRows(Session session) {
      this.session = session;
    }

    @Override
    public List<Map<String, @Nullable Object>> find(EntityTable table, Query query) {
      return answer.find(session, table, query);
    }

    @Override
    public List<Map<String, @Nullable Object>> findForEach(
        EntityTable table, Query query, Column per) {
      return answer.findForEach(session, table, query, per);
    }

    @Override
    public void requireRoom(long rows) {
      if (rows > rowsMax()) {
        throw StoreError.tooLarge(rowsMax());
      }
    }
  }

  @Override
  public Map<String, @Nullable Object> aggregate(
      String entity, Map<String, @Nullable Object> question) {
    EntityTable table = model().table(entity);
    Aggregate aggregate = AggregateParser.parse(table.entity(), question).and(visible(table));
    Long limit = aggregate.groups().limit();
    boolean bounded = limit != null && limit <= rowsMax();
    Sql sql =
        QueryCompiler.compile(
            dialect(), table.source(), bounded ? aggregate : aggregate.limit(rowsMax() + 1L));
    var reader = new GroupReader(aggregate);
    List<Map<String, @Nullable Object>> groups = answer(session -> session.list(sql, reader));
    if (groups.size() > rowsMax()) {
      throw StoreError.tooLarge(rowsMax());
    }
    return Map.of("rows", groups);
  }

  @Override
  public Map<String, @Nullable Object> search(
      String entity, Map<String, @Nullable Object> request) {
    long began = System.nanoTime();
    EntityTable table = model().table(entity);
    SearchIndex index = table.index();
    if (index == null) {
      throw new PylonException(
          StoreError.SEARCH_NOT_CONFIGURED, "Entity %s has no `search:` config".formatted(entity));
    }
    SearchRequest asked = index.parse(request);
    Condition visible = visible(table);
    Map<String, @Nullable Object> found =
        answer(session -> index.find(session, asked, visible, table.hits()));
    found.put("tookMs", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
    return found;
  }
}
