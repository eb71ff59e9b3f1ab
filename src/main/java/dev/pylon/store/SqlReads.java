package dev.pylon.store;

import dev.pylon.db.DatabaseException;
import dev.pylon.db.Dialect;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.db.Work;
import dev.pylon.model.PylonException;
import dev.pylon.store.Access.Deed;
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
import java.util.ArrayList;
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

  /** Rows that are held at a time while a policy judges them one by one. */
  private static final int JUDGED_AT_ONCE = 2_000;

  /** Rows that such a policy may let be seen: their ids are held, some ten megabytes. */
  private static final int SEEN_MAX = 200_000;

  /** What the answer is made of. */
  abstract Model model();

  abstract Dialect dialect();

  /** What of it may be seen. */
  abstract Access access();

  /** Rows an answer may have; more are refused, not cut. */
  abstract int rowsMax();

  /** Whether the search index of {@code entity} has yet to be given rows from before it. */
  abstract boolean isPartial(String entity);

  /** Runs {@code work} where this view's statements run. */
  abstract <R> R run(Work<R, RuntimeException> work);

  private <R> R answer(Work<R, RuntimeException> work) {
    try {
      return run(work);
    } catch (DatabaseException e) {
      throw Refusals.ofRead(e);
    }
  }

  /** What of the model the caller knows of. */
  final Model known() {
    return access().seesHiddenFields() ? model() : model().shown();
  }

  /** The table of {@code entity}, some rows of which the caller may see. */
  private EntityTable readable(String entity) {
    EntityTable table = known().table(entity);
    access().require(Deed.READ, table.entity());
    return table;
  }

  @Override
  public Optional<Map<String, @Nullable Object>> get(String entity, String id) {
    EntityTable table = readable(entity);
    return answer(session -> Optional.ofNullable(visibleRow(session, table, id)));
  }

  /** The row called {@code id}, where it can be seen. */
  final @Nullable Map<String, @Nullable Object> visibleRow(
      Session session, EntityTable table, String id) {
    Visibility visibility = access().readable(table.entity());
    // No id holds U+0000, and not every database takes one in a question.
    String name = id.indexOf('\0') < 0 ? id : "";
    if (visibility.where().equals(Condition.EVERYTHING) && visibility.rest() == null) {
      return session.first(table.selectById(name), table.reader());
    }
    Query query =
        Query.ALL
            .and(new Condition.Compare(Column.ID, Condition.Comparison.EQUAL, name))
            .and(visibility.where());
    if (visibility.rest() == null) {
      return session.first(compile(table, query), table.reader());
    }
    EntityTable whole = model().table(table.entity().name());
    Map<String, @Nullable Object> row = session.first(compile(whole, query), whole.reader());
    return row == null || !visibility.shows(row) ? null : table.shown(row);
  }

  /** What a row must fulfil to be seen; whoever reads rows adds this to the question. */
  private Condition visible(EntityTable table) {
    Visibility visibility = access().readable(table.entity());
    return visibility.rest() == null
        ? visibility.where()
        : new Condition.Among(Column.ID, idsSeen(table.entity().name(), visibility));
  }

  /** What cannot be made part of a question is asked of each row before. */
  private List<String> idsSeen(String entity, Visibility visibility) {
    EntityTable whole = model().table(entity);
    var ids = new ArrayList<String>();
    Query rest = Query.ALL.and(visibility.where());
    for (boolean done = false; !done; ) {
      Sql sql = compile(whole, rest.limit((long) JUDGED_AT_ONCE));
      List<Map<String, @Nullable Object>> rows =
          answer(session -> session.list(sql, whole.reader()));
      rows.stream()
          .filter(visibility::shows)
          .forEach(row -> ids.add((String) Objects.requireNonNull(row.get("id"))));
      if (ids.size() > SEEN_MAX) {
        throw new PylonException(
            StoreError.RESULT_TOO_LARGE,
            "The policy of \"%s\" is judged row by row, and lets more than %d be seen"
                .formatted(entity, SEEN_MAX));
      }
      done = rows.size() < JUDGED_AT_ONCE;
      if (!done) {
        rest =
            Query.ALL
                .and(visibility.where())
                .and(behind((String) Objects.requireNonNull(rows.getLast().get("id"))));
      }
    }
    return ids;
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
    return find(readable(entity), Query.ALL);
  }

  @Override
  public Page paginate(String entity, @Nullable String after, int limit) {
    EntityTable table = readable(entity);
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
    EntityTable table = readable(entity);
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
    EntityTable table = readable(entity);
    return find(table, QueryParser.parse(table.entity(), filter));
  }

  @Override
  public void each(
      String entity,
      Map<String, @Nullable Object> filter,
      Consumer<Map<String, @Nullable Object>> taker) {
    EntityTable table = readable(entity);
    Query query = QueryParser.parse(table.entity(), filter);
    if (!query.order().equals(Query.ALL.order())) {
      throw new PylonException(
          QueryError.INVALID_QUERY, "\"$order\" cannot be used where all rows are read");
    }
    Condition visible = visible(table);
    Query rest = new Query(query.where(), query.order(), null, query.offset()).and(visible);
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
          filtered
              .and(visible)
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
    Graph graph = Graph.parse(known(), query);
    graph.roots().values().forEach(root -> access().require(Deed.READ, root.table().entity()));
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
    EntityTable table = readable(entity);
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
    EntityTable table = readable(entity);
    SearchIndex index = table.index();
    if (index == null) {
      throw new PylonException(
          StoreError.SEARCH_NOT_CONFIGURED, "Entity %s has no `search:` config".formatted(entity));
    }
    SearchRequest asked = index.parse(request);
    Condition visible = visible(table);
    // Asked before, for it may be filled while we read.
    boolean partial = isPartial(entity);
    Map<String, @Nullable Object> found =
        answer(session -> index.find(session, asked, visible, table.hits()));
    if (partial) {
      found.put("partial", true);
    }
    found.put("tookMs", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
    return found;
  }
}
