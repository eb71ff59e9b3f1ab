package dev.pylon.server.routes;

import dev.pylon.server.http.JsonStream;
import dev.pylon.server.http.Response;
import dev.pylon.store.Rows;
import dev.pylon.store.StoreError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one entity, by id, on their way into an answer. Few are read at once and answered whole;
 * of many only some are held at a time, and nothing of the database while the client reads.
 */
final class RowList {
  /** As many are answered whole. */
  private static final long FEW = 1_000;

  private final Rows rows;
  private final String entity;
  private final Map<String, @Nullable Object> where;
  private final long limit;
  private final List<Map<String, @Nullable Object>> first;
  private long count;

  private RowList(
      Rows rows,
      String entity,
      Map<String, @Nullable Object> where,
      long limit,
      List<Map<String, @Nullable Object>> first) {
    this.rows = rows;
    this.entity = entity;
    this.where = where;
    this.limit = limit;
    this.first = first;
  }

  /**
   * Reads the first rows.
   *
   * @param where conditions, without order or bounds
   * @param limit null where the caller named none
   * @throws dev.pylon.model.PylonException {@code RESULT_TOO_LARGE} where there are more than
   *     {@code rowsMax}: they are refused, not cut
   */
  static RowList of(
      Rows rows,
      String entity,
      Map<String, @Nullable Object> where,
      long offset,
      @Nullable Long limit,
      int rowsMax) {
    long wanted = limit == null ? rowsMax : Math.min(limit, rowsMax);
    List<Map<String, @Nullable Object>> first =
        rows.query(entity, part(where, offset, Math.min(wanted, FEW)));
    var list = new RowList(rows, entity, where, wanted, first);
    boolean bounded = limit != null && limit <= rowsMax;
    if (!bounded
        && list.isMany()
        && !rows.query(entity, part(where, offset + rowsMax, 1)).isEmpty()) {
      throw StoreError.tooLarge(rowsMax);
    }
    return list;
  }

  private static Map<String, @Nullable Object> part(
      Map<String, @Nullable Object> where, long offset, long limit) {
    var part = new LinkedHashMap<String, @Nullable Object>();
    part.putAll(where);
    part.put("$offset", offset);
    part.put("$limit", limit);
    return part;
  }

  private boolean isMany() {
    return first.size() == FEW && limit > FEW;
  }

  /** An answer around these rows. */
  Response response(JsonStream.Content content) {
    return isMany() ? JsonStream.streaming(200, content) : JsonStream.complete(200, content);
  }

  /** Writes the rows, an array. */
  void writeTo(JsonStream out) {
    out.text("[");
    for (var row : first) {
      write(out, row);
    }
    if (isMany()) {
      var rest = new LinkedHashMap<String, @Nullable Object>();
      Object last = Objects.requireNonNull(first.getLast().get("id"));
      rest.put("$and", List.of(where, Map.of("id", Map.of("$gt", last))));
      rest.put("$limit", limit - count);
      rows.each(entity, rest, row -> write(out, row));
    }
    out.text("]");
  }

  private void write(JsonStream out, Map<String, @Nullable Object> row) {
    out.text(count++ == 0 ? "" : ",").value(row);
  }

  /** How many rows have been written. */
  long count() {
    return count;
  }
}
