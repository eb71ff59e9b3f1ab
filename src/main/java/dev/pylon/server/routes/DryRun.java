package dev.pylon.server.routes;

import dev.pylon.functions.Rehearsal;
import dev.pylon.json.RawJson;
import dev.pylon.server.http.Request;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A function call that is only tried: with the header {@code X-Pylon-Dry-Run: 1} an admin gets, in
 * place of the value, an object that holds it beside what a commit would have left.
 */
final class DryRun {
  private DryRun() {}

  static boolean isAskedFor(Request request) {
    return request
        .header("X-Pylon-Dry-Run")
        .filter(value -> value.equals("1") || value.equalsIgnoreCase("true"))
        .isPresent();
  }

  /** What is answered where the function returned {@code value}. */
  static Map<String, @Nullable Object> json(RawJson value, Rehearsal rehearsal) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("dry_run", true);
    json.put("value", value);
    json.put("rows", rehearsal.rows().stream().map(DryRun::json).toList());
    json.put("rows_dropped", rehearsal.rowsDropped());
    json.put("jobs", rehearsal.jobs().stream().map(DryRun::json).toList());
    json.put("cancelled_jobs", rehearsal.cancelled());
    return json;
  }

  private static Map<String, @Nullable Object> json(Rehearsal.RowChange row) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("change", row.before() == null ? "insert" : row.after() == null ? "delete" : "update");
    json.put("entity", row.entity());
    json.put("id", row.id());
    json.put("before", row.before());
    json.put("after", row.after());
    return json;
  }

  private static Map<String, @Nullable Object> json(Rehearsal.Job job) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("function", job.function());
    json.put("args", job.args());
    json.put("due_at", Instant.ofEpochMilli(job.dueMillis()).toString());
    return json;
  }
}
