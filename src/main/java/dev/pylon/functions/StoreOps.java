package dev.pylon.functions;

import dev.pylon.functions.protocol.DbOp;
import dev.pylon.store.Page;
import dev.pylon.store.Reads;
import dev.pylon.store.Transaction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Does what a handler asked of the store, and gives the answer its wire form (contract, 3.1). */
final class StoreOps {
  private StoreOps() {}

  /**
   * @param rows for the trace; null where the operation has no rows to count
   */
  record Result(@Nullable Object data, @Nullable Integer rows) {}

  static Result apply(DbOp.Read op, Reads rows) {
    return switch (op) {
      case DbOp.Get(String entity, String id) -> one(rows.get(entity, id));
      case DbOp.All(String entity) -> many(rows.list(entity));
      case DbOp.Paginate(String entity, String after, int limit) ->
          page(rows.paginate(entity, after, limit));
      case DbOp.Lookup(String entity, String field, Object value) ->
          one(rows.lookup(entity, field, value));
      case DbOp.Query(String entity, Map<String, @Nullable Object> filter) ->
          many(rows.query(entity, filter));
      case DbOp.Graph(Map<String, @Nullable Object> query) -> new Result(rows.graph(query), null);
      case DbOp.Search(String entity, Map<String, @Nullable Object> spec) ->
          hits(rows.search(entity, spec));
    };
  }

  static Result apply(DbOp.Write op, Transaction tx) {
    return switch (op) {
      case DbOp.Insert(String entity, Map<String, @Nullable Object> row) ->
          new Result(Map.of("id", tx.insert(entity, row)), null);
      case DbOp.InsertMany(String entity, List<Map<String, @Nullable Object>> rows) ->
          new Result(Map.of("ids", tx.insertMany(entity, rows)), rows.size());
      case DbOp.Update(String entity, String id, Map<String, @Nullable Object> patch) ->
          new Result(Map.of("updated", tx.update(entity, id, patch)), null);
      case DbOp.Delete(String entity, String id) ->
          new Result(Map.of("deleted", tx.delete(entity, id)), null);
      case DbOp.Link(String entity, String id, String relation, String targetId) ->
          new Result(Map.of("linked", tx.link(entity, id, relation, targetId)), null);
      case DbOp.Unlink(String entity, String id, String relation) ->
          new Result(Map.of("unlinked", tx.unlink(entity, id, relation)), null);
    };
  }

  static Result apply(DbOp op, Transaction tx) {
    return switch (op) {
      case DbOp.Read read -> apply(read, (Reads) tx);
      case DbOp.Write write -> apply(write, tx);
    };
  }

  private static Result one(Optional<Map<String, @Nullable Object>> row) {
    return new Result(row.orElse(null), row.isPresent() ? 1 : 0);
  }

  private static Result many(List<Map<String, @Nullable Object>> rows) {
    return new Result(rows, rows.size());
  }

  private static Result page(Page page) {
    var data = new LinkedHashMap<String, @Nullable Object>();
    data.put("page", page.rows());
    data.put("nextCursor", page.nextCursor());
    data.put("isDone", page.isDone());
    return new Result(data, page.rows().size());
  }

  private static Result hits(Map<String, @Nullable Object> found) {
    return new Result(found, found.get("hits") instanceof List<?> hits ? hits.size() : null);
  }
}
