package dev.pylon.cli.traces;

import dev.pylon.cli.text.Durations;
import dev.pylon.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call as the server remembers it (functions contract, 13), read where it stands: foreign
 * servers leave out what is ours.
 */
public record Trace(Map<String, @Nullable Object> json) {

  /** One database operation of a call. */
  record Op(Map<String, @Nullable Object> json) {
    String op() {
      return text(json, "op").orElse("?");
    }

    String entity() {
      return text(json, "entity").orElse("");
    }

    String id() {
      return text(json, "id").orElse("");
    }

    double durationMillis() {
      return number(json, "duration_ms").orElse(0.0);
    }

    /** From the start of the call; empty where the server does not say. */
    Optional<Double> startMillis() {
      return number(json, "start_ms");
    }

    Optional<Long> rows() {
      return number(json, "row_count").map(Double::longValue);
    }

    boolean isOk() {
      return !Boolean.FALSE.equals(json.get("ok"));
    }
  }

  /** A line the handler wrote to its console. */
  public record LogLine(double millis, String level, String text) {}

  public String callId() {
    return text(json, "call_id").orElse("");
  }

  String fnName() {
    return text(json, "fn_name").orElse("?");
  }

  public String kind() {
    return text(json, "fn_type").orElse("");
  }

  Optional<String> user() {
    return text(json, "user_id");
  }

  Optional<String> tenant() {
    return text(json, "tenant_id");
  }

  String source() {
    return text(json, "source").orElse("");
  }

  Optional<String> parentCallId() {
    return text(json, "parent_call_id");
  }

  long startedAtMillis() {
    return number(json, "started_at").map(Double::longValue).orElse(0L);
  }

  public double durationMillis() {
    return number(json, "duration_ms").orElse(0.0);
  }

  public Optional<Double> queueMillis() {
    return number(json, "queue_ms");
  }

  public Optional<Double> commitMillis() {
    return number(json, "commit_ms");
  }

  /** Slot to answer, and the wait before and the commit after it. */
  double totalMillis() {
    return durationMillis() + queueMillis().orElse(0.0) + commitMillis().orElse(0.0);
  }

  boolean isOk() {
    return text(outcome(), "status").orElse("ok").equals("ok");
  }

  String errorCode() {
    return text(outcome(), "code").orElse("");
  }

  String errorMessage() {
    return text(outcome(), "message").orElse("");
  }

  /** What the call returned, null included; empty where it failed. */
  Optional<String> valueText() {
    return outcome().containsKey("value")
        ? Optional.of(Json.text(outcome().get("value")))
        : Optional.empty();
  }

  private Map<String, @Nullable Object> outcome() {
    return json.get("outcome") instanceof Map<?, ?> map ? Json.asObject(map) : Map.of();
  }

  public List<Op> ops() {
    return objects("ops").stream().map(Op::new).toList();
  }

  /** Operations beyond those recorded. */
  public long opsDropped() {
    return number(json, "ops_dropped").map(Double::longValue).orElse(0L);
  }

  public double dbMillis() {
    return ops().stream().mapToDouble(Op::durationMillis).sum();
  }

  public List<LogLine> logs() {
    return objects("logs").stream()
        .map(line ->
            new LogLine(
                number(line, "t_ms").orElse(0.0),
                text(line, "level").orElse("info"),
                text(line, "text").orElse("")))
        .toList();
  }

  /** Calls that were asked to run later, as {@code notify +5s}. */
  List<String> schedules() {
    var texts = new ArrayList<String>();
    for (Map<String, @Nullable Object> schedule : objects("schedules")) {
      String name = text(schedule, "fn_name").orElse("?");
      texts.add(
          number(schedule, "delay_ms")
              .map(delay -> name + " +" + Durations.typed(delay))
              .orElse(name));
    }
    return texts;
  }

  /** Calls this one made, where the server sent them along. */
  List<Trace> children() {
    return objects("children").stream().map(Trace::new).toList();
  }

  private List<Map<String, @Nullable Object>> objects(String name) {
    var objects = new ArrayList<Map<String, @Nullable Object>>();
    if (json.get(name) instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> map) {
          objects.add(Json.asObject(map));
        }
      }
    }
    return objects;
  }

  private static Optional<String> text(Map<String, @Nullable Object> json, String name) {
    return json.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  private static Optional<Double> number(Map<String, @Nullable Object> json, String name) {
    return json.get(name) instanceof Number number
        ? Optional.of(number.doubleValue())
        : Optional.empty();
  }
}
