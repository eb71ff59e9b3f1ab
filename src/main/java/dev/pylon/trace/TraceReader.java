package dev.pylon.trace;

import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import dev.pylon.json.RawJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads what {@link TraceJson} wrote. */
final class TraceReader {
  private TraceReader() {}

  /**
   * @throws JsonException where the object is no trace
   */
  static Trace read(Map<String, @Nullable Object> json) {
    return new Trace(
        text(json, "call_id"),
        text(json, "fn_name"),
        optional(json, "fn_type"),
        optional(json, "user_id"),
        whole(json, "started_at"),
        decimal(json, "duration_ms"),
        outcome(json),
        list(json, "ops", TraceReader::op),
        whole(json, "stream_bytes"),
        whole(json, "stream_chunks"),
        list(json, "schedules", TraceReader::scheduled),
        optional(json, "parent_call_id"),
        optional(json, "tenant_id"),
        source(text(json, "source")),
        optional(json, "request_id"),
        decimal(json, "queue_ms"),
        decimal(json, "commit_ms"),
        (int) whole(json, "attempt"),
        Boolean.TRUE.equals(json.get("rolled_back")),
        optional(json, "impersonated_by"),
        list(json, "logs", TraceReader::log),
        (int) whole(json, "ops_dropped"),
        Boolean.TRUE.equals(json.get("value_truncated")));
  }

  private static Trace.Outcome outcome(Map<String, @Nullable Object> json) {
    Map<String, @Nullable Object> outcome = object(json.get("outcome"));
    if ("ok".equals(outcome.get("status"))) {
      RawJson value = Json.raw(outcome.get("value"));
      return new Trace.Ok(value);
    }
    Object detail = json.get("error") instanceof Map<?, ?> error ? error.get("detail") : null;
    return new Trace.Error(
        text(outcome, "code"),
        text(outcome, "message"),
        detail instanceof Map<?, ?> map ? Json.asObject(map) : null);
  }

  private static Trace.Op op(Map<String, @Nullable Object> json) {
    return new Trace.Op(
        text(json, "op"),
        optional(json, "entity"),
        optional(json, "id"),
        decimal(json, "start_ms"),
        decimal(json, "duration_ms"),
        json.get("row_count") instanceof Number rows ? rows.intValue() : null,
        Boolean.TRUE.equals(json.get("ok")));
  }

  private static Trace.Scheduled scheduled(Map<String, @Nullable Object> json) {
    return new Trace.Scheduled(
        text(json, "fn_name"),
        json.get("delay_ms") instanceof Number delay ? delay.longValue() : null,
        json.get("run_at") instanceof Number at ? at.longValue() : null);
  }

  private static Trace.LogLine log(Map<String, @Nullable Object> json) {
    return new Trace.LogLine(decimal(json, "t_ms"), text(json, "level"), text(json, "text"));
  }

  private static Source source(String wireName) {
    try {
      return Source.valueOf(wireName.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new JsonException("unknown source of a call: " + wireName);
    }
  }

  private static <T> List<T> list(
      Map<String, @Nullable Object> json,
      String name,
      Function<Map<String, @Nullable Object>, T> reader) {
    var list = new ArrayList<T>();
    if (json.get(name) instanceof List<?> items) {
      for (Object item : items) {
        list.add(reader.apply(object(item)));
      }
    }
    return List.copyOf(list);
  }

  private static Map<String, @Nullable Object> object(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return Json.asObject(map);
    }
    throw new JsonException("expected an object in a trace");
  }

  private static String text(Map<String, @Nullable Object> json, String name) {
    if (json.get(name) instanceof String text) {
      return text;
    }
    throw new JsonException("a trace without " + name);
  }

  private static @Nullable String optional(Map<String, @Nullable Object> json, String name) {
    return json.get(name) instanceof String text ? text : null;
  }

  private static long whole(Map<String, @Nullable Object> json, String name) {
    return json.get(name) instanceof Number number ? number.longValue() : 0;
  }

  private static double decimal(Map<String, @Nullable Object> json, String name) {
    return json.get(name) instanceof Number number ? number.doubleValue() : 0;
  }
}
