package dev.pylon.store;

import dev.pylon.db.DatabaseException;
import dev.pylon.db.Dialect;
import dev.pylon.db.Session;
import dev.pylon.db.Sql;
import dev.pylon.db.Work;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Field;
import dev.pylon.store.query.Condition;
import dev.pylon.store.query.EntityColumns;
import dev.pylon.store.query.Operand;
import dev.pylon.store.query.Query;
import dev.pylon.store.query.QueryCompiler;
import dev.pylon.store.query.QueryParser;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reading, the same inside a transaction and outside; the two differ in where statements run. What
 * can be checked is checked on the caller's thread, before a database thread is asked.
 */
abstract class SqlReads implements Reads {
  private static final int PAGE_MAX = 1_000;

  /** What the answer is made of. */
  abstract Model model();

  abstract Dialect dialect();

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
    Sql sql = table.selectById(id);
    return answer(session -> session.one(sql, table.reader()));
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
    Sql sql = table.selectPage(after, size + 1);
    List<Map<String, @Nullable Object>> rows = answer(session -> session.list(sql, table.reader()));
    if (rows.size() <= size) {
      return new Page(rows, null);
    }
    return new Page(rows.subList(0, size), (String) rows.get(size - 1).get("id"));
  }

  @Override
  public Optional<Map<String, @Nullable Object>> lookup(
      String entity, String field, @Nullable Object value) {
    EntityTable table = model().table(entity);
    Field column = EntityColumns.require(table.entity(), field);
    if (value == null) {
      return Optional.empty();
    }
    Query query =
        Query.ALL
            .and(
                new Condition.Compare(
                    field, Condition.Comparison.EQUAL, Operand.of(column, field, value)))
            .limit(1L);
    Sql sql = QueryCompiler.compile(dialect(), table.select(), query);
    return answer(session -> session.one(sql, table.reader()));
  }

  @Override
  public List<Map<String, @Nullable Object>> query(
      String entity, Map<String, @Nullable Object> filter) {
    EntityTable table = model().table(entity);
    refuseSearch(filter);
    return find(table, QueryParser.parse(table.entity(), filter));
  }

  static void refuseSearch(Map<String, @Nullable Object> filter) {
    if (filter.containsKey("$search")) {
      throw notSupported("\"$search\"");
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
      Query asked = bounded ? query : query.limit(room + 1);
      List<Map<String, @Nullable Object>> rows =
          session.list(QueryCompiler.compile(dialect(), table.select(), asked), table.reader());
      if (rows.size() > room) {
        throw new PylonException(
                StoreError.RESULT_TOO_LARGE,
                "The answer has more than %d rows".formatted(rowsMax()))
            .with("hint", "ask for pages, or set a limit");
      }
      room -= rows.size();
      return rows;
    }
  }

  @Override
  public Map<String, List<Map<String, @Nullable Object>>> graph(
      Map<String, @Nullable Object> query) {
    Graph graph = Graph.parse(model(), query);
    var answer = new Answer();
    return answer(session -> graph.load((table, part) -> answer.find(session, table, part)));
  }

  @Override
  public Map<String, @Nullable Object> search(
      String entity, Map<String, @Nullable Object> request) {
    EntityTable table = model().table(entity);
    if (table.entity().search() == null) {
      throw new PylonException(
          StoreError.SEARCH_NOT_CONFIGURED, "Entity %s has no `search:` config".formatted(entity));
    }
    throw notSupported("search");
  }

  private static PylonException notSupported(String what) {
    return new PylonException(StoreError.NOT_SUPPORTED, what + " is not supported yet");
  }
}
