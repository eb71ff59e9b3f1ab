package dev.pylon.trace;

import dev.pylon.json.Json;
import dev.pylon.json.RawJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A trace as clients see it: the keys of the functions contract, 13.1, in their order, then ours.
 */
public final class TraceJson {
  private TraceJson() {}

  public static Map<String, @Nullable Object> of(Trace trace) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("call_id", trace.callId());
    json.put("fn_name", trace.fnName());
    json.put("fn_type", trace.fnType());
    json.put("user_id", trace.userId());
    json.put("started_at", trace.startedAtMillis());
    json.put("duration_ms", rounded(trace.durationMillis()));
    json.put("outcome", outcome(trace.outcome()));
    json.put("ops", trace.ops().stream().map(TraceJson::op).toList());
    json.put("stream_bytes", trace.streamBytes());
    json.put("stream_chunks", trace.streamChunks());
    json.put("schedules", trace.schedules().stream().map(TraceJson::scheduled).toList());
    json.put("parent_call_id", trace.parentCallId());
    json.put("tenant_id", trace.tenantId());
    json.put("source", trace.source().wireName());
    json.put("timestamp", Instant.ofEpochMilli(trace.startedAtMillis()).toString());
    json.put("request_id", trace.requestId());
    json.put("queue_ms", rounded(trace.queueMillis()));
    json.put("commit_ms", rounded(trace.commitMillis()));
    json.put("attempt", trace.attempt());
    json.put("error", trace.outcome() instanceof Trace.Error error ? error(error) : null);
    json.put("rolled_back", trace.rolledBack());
    json.put("impersonated_by", trace.impersonatedBy());
    json.put("logs", trace.logs().stream().map(TraceJson::log).toList());
    json.put("ops_dropped", trace.opsDropped());
    json.put("value_truncated", trace.valueTruncated());
    return json;
  }

  private static Map<String, @Nullable Object> outcome(Trace.Outcome outcome) {
    return switch (outcome) {
      case Trace.Ok(RawJson value) -> Json.object("status", "ok", "value", value);
      case Trace.Error(String code, String message, _) ->
          Json.object("status", "error", "code", code, "message", message);
    };
  }

  private static Map<String, @Nullable Object> error(Trace.Error error) {
    var json = Json.object("code", error.code(), "message", error.message());
    if (error.detail() != null) {
      json.put("detail", error.detail());
    }
    return json;
  }

  private static Map<String, @Nullable Object> op(Trace.Op op) {
    var json = Json.object("op", op.op());
    if (op.entity() != null) {
      json.put("entity", op.entity());
    }
    if (op.id() != null) {
      json.put("id", op.id());
    }
    json.put("duration_ms", rounded(op.durationMillis()));
    if (op.rowCount() != null) {
      json.put("row_count", op.rowCount());
    }
    json.put("ok", op.ok());
    json.put("start_ms", rounded(op.startMillis()));
    return json;
  }

  private static Map<String, @Nullable Object> scheduled(Trace.Scheduled scheduled) {
    var json = Json.object("fn_name", scheduled.fnName());
    if (scheduled.delayMillis() != null) {
      json.put("delay_ms", scheduled.delayMillis());
    }
    if (scheduled.runAtMillis() != null) {
      json.put("run_at", scheduled.runAtMillis());
    }
    return json;
  }

  private static Map<String, @Nullable Object> log(Trace.LogLine line) {
    return Json.object("t_ms", rounded(line.millis()), "level", line.level(), "text", line.text());
  }

  /** Microseconds are as fine as these clocks are worth reading. */
  private static double rounded(double millis) {
    return Math.round(millis * 1_000) / 1_000.0;
  }

  /** All of {@code traces}. */
  public static List<Map<String, @Nullable Object>> of(List<Trace> traces) {
    var json = new ArrayList<Map<String, @Nullable Object>>(traces.size());
    traces.forEach(trace -> json.add(of(trace)));
    return json;
  }
}
