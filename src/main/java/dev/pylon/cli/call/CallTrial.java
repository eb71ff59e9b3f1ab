package dev.pylon.cli.call;

import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.remote.HttpReply;
import dev.pylon.cli.remote.Remote;
import dev.pylon.cli.remote.ServerError;
import dev.pylon.cli.text.PrettyJson;
import dev.pylon.cli.text.Style;
import dev.pylon.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code pylon call --dry-run}: the server runs the function and rolls it back; shows what it would
 * have left.
 */
final class CallTrial {
  private final Output output;
  private final Style style;
  private final InstantSource clock;
  private final Function<ServerError, Failure> explained;

  /**
   * @param explained the failure of the command for an error the server answered
   */
  CallTrial(Output output, InstantSource clock, Function<ServerError, Failure> explained) {
    this.output = output;
    this.style = output.style();
    this.clock = clock;
    this.explained = explained;
  }

  ExitStatus run(Remote remote, CallRequest request) {
    HttpReply reply = request.send(remote, "X-Pylon-Dry-Run", "1");
    byte[] body = remote.bytes(reply);
    if (reply.status() != 200) {
      throw explained.apply(ServerError.parse(reply.status(), body));
    }
    Map<String, @Nullable Object> answer = Json.parseObject(body);
    if (!Boolean.TRUE.equals(answer.get("dry_run"))) {
      throw new Failure(
          ExitStatus.FAILED,
          "DRY_RUN_IGNORED",
          "the server does not know dry runs: the function ran, and what it did is kept",
          null);
    }
    if (output.isJson()) {
      var json = new LinkedHashMap<String, @Nullable Object>();
      json.put("ok", true);
      json.putAll(answer);
      reply.header("x-pylon-call-id").ifPresent(id -> json.put("call_id", id));
      output.json(json);
    } else {
      show(answer);
      output.flush();
      output.note(output.errStyle().dim("a dry run: nothing of this was kept"));
    }
    return ExitStatus.OK;
  }

  private void show(Map<String, @Nullable Object> answer) {
    output.line(style.bold("returns ") + PrettyJson.of(Json.bytes(answer.get("value")), style));
    List<Map<String, @Nullable Object>> rows = objects(answer.get("rows"));
    rows.forEach(this::row);
    if (answer.get("rows_dropped") instanceof Long more && more > 0) {
      output.line("and %d more rows".formatted(more));
    }
    List<Map<String, @Nullable Object>> jobs = objects(answer.get("jobs"));
    jobs.forEach(this::job);
    if (answer.get("cancelled_jobs") instanceof List<?> cancelled) {
      cancelled.forEach(
          job -> output.line(style.yellow("cancels  ") + Style.clean(String.valueOf(job))));
    }
    if (rows.isEmpty() && jobs.isEmpty()) {
      output.line("changes nothing");
    }
  }

  private void row(Map<String, @Nullable Object> row) {
    String name = Style.clean(row.get("entity") + "  " + row.get("id"));
    Map<String, @Nullable Object> before = fields(row.get("before"));
    Map<String, @Nullable Object> after = fields(row.get("after"));
    switch (String.valueOf(row.get("change"))) {
      case "insert" -> {
        output.line(style.green("+ inserts  " + name));
        whole(style.green("+"), after);
      }
      case "delete" -> {
        output.line(style.red("- deletes  " + name));
        whole(style.red("-"), before);
      }
      default -> {
        output.line(style.yellow("~ changes  " + name));
        differing(before, after)
            .forEach(field ->
                field(
                    style.yellow("~"),
                    field,
                    json(before.get(field))
                        + style.sign(" → ", " -> ")
                        + style.bold(json(after.get(field)))));
      }
    }
  }

  /** The fields of a row that is new or gone; those without a value say nothing. */
  private void whole(String sign, Map<String, @Nullable Object> row) {
    row.forEach((field, value) -> {
      if (value != null) {
        field(sign, field, json(value));
      }
    });
  }

  private void field(String sign, String name, String text) {
    output.line("%s   %-12s %s".formatted(sign, Style.clean(name), text));
  }

  private static Set<String> differing(
      Map<String, @Nullable Object> before, Map<String, @Nullable Object> after) {
    var fields = new LinkedHashSet<>(after.keySet());
    fields.removeIf(field -> Objects.equals(before.get(field), after.get(field)));
    return fields;
  }

  private void job(Map<String, @Nullable Object> job) {
    String due = String.valueOf(job.get("due_at"));
    double wait =
        Math.max(0, Duration.between(clock.instant(), Instant.parse(due)).toMillis() / 1e3);
    output.line(
        style.cyan("@ schedules  ")
            + Style.clean(job.get("function") + " " + Json.text(job.get("args")))
            + style.dim("  in " + Math.round(wait) + " s"));
  }

  private String json(@Nullable Object value) {
    return PrettyJson.of(Json.bytes(value), style).replace("\n", "\n    ");
  }

  /** Of a row, without the id that stands in its title. */
  private static Map<String, @Nullable Object> fields(@Nullable Object row) {
    var fields =
        new LinkedHashMap<String, @Nullable Object>(
            row instanceof Map<?, ?> map ? Json.asObject(map) : Map.of());
    fields.remove("id");
    return fields;
  }

  private static List<Map<String, @Nullable Object>> objects(@Nullable Object list) {
    return list instanceof List<?> items
        ? items.stream()
            .filter(item -> item instanceof Map<?, ?>)
            .map(item -> Json.asObject((Map<?, ?>) item))
            .toList()
        : List.of();
  }
}
