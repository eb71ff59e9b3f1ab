package dev.pylon.cli.data;

import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Input;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Syntax;
import dev.pylon.cli.remote.HttpReply;
import dev.pylon.cli.remote.Remote;
import dev.pylon.cli.remote.ServerError;
import dev.pylon.cli.text.Style;
import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code pylon seed}: inserts the rows of a file into a running server. */
public final class SeedCommand implements Command {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  @Override
  public void describe(Syntax syntax) {
    syntax
        .summary("Insert the rows of seed.json into a running server.")
        .example("pylon seed", "The rows of seed.json, as {\"Entity\":[{…}]}.")
        .example("pylon seed --file demo.json --json", "Another file, and a summary for scripts.")
        .value("--file", "FILE", "The rows (seed.json); - is standard input.")
        .value("--port", "N", "A server on this port of this machine.");
    Remote.describe(syntax);
  }

  @Override
  public ExitStatus run(Invocation invocation) {
    String name = invocation.line().value("--file").orElse("seed.json");
    Map<String, List<Map<String, @Nullable Object>>> seed =
        seed(Input.bytes(invocation, name), name);
    try (Remote remote = connect(invocation)) {
      var seeded = new LinkedHashMap<String, Object>();
      var problems = new ArrayList<Map<String, Object>>();
      int total = 0;
      for (var entity : seed.entrySet()) {
        int done = 0;
        for (int i = 0; i < entity.getValue().size(); i++) {
          @Nullable ServerError error = insert(remote, entity.getKey(), entity.getValue().get(i));
          if (error == null) {
            done++;
          } else {
            problems.add(problem(entity.getKey(), i, error));
          }
        }
        seeded.put(entity.getKey(), done);
        total += done;
      }
      report(invocation.output(), seeded, total, problems);
      return problems.isEmpty() ? ExitStatus.OK : ExitStatus.FAILED;
    }
  }

  private static Remote connect(Invocation invocation) {
    return invocation
        .line()
        .number("--port")
        .map(port -> Remote.connect(invocation, "http://127.0.0.1:" + port))
        .orElseGet(() -> Remote.connect(invocation));
  }

  private static Map<String, List<Map<String, @Nullable Object>>> seed(byte[] json, String file) {
    var seed = new LinkedHashMap<String, List<Map<String, @Nullable Object>>>();
    try {
      for (var entity : Json.parseObject(json).entrySet()) {
        seed.put(entity.getKey(), rows(entity.getKey(), entity.getValue(), file));
      }
      return seed;
    } catch (JsonException e) {
      throw malformed(file + " is not JSON: " + e.getMessage());
    }
  }

  private static List<Map<String, @Nullable Object>> rows(
      String entity, @Nullable Object value, String file) {
    var rows = new ArrayList<Map<String, @Nullable Object>>();
    if (!(value instanceof List<?> list)) {
      throw malformed("\"%s\" in %s is not a list of rows".formatted(entity, file));
    }
    for (Object item : list) {
      if (!(item instanceof Map<?, ?> row)) {
        throw malformed("\"%s\" in %s holds something that is no row".formatted(entity, file));
      }
      rows.add(Json.asObject(row));
    }
    return rows;
  }

  private static Failure malformed(String message) {
    return new Failure(
        ExitStatus.DATA, "SEED_MALFORMED", message, "It looks like {\"Entity\":[{\"field\":1}]}");
  }

  /** Returns why the row was refused; null where it was not. */
  private static @Nullable ServerError insert(
      Remote remote, String entity, Map<String, @Nullable Object> row) {
    var headers = new LinkedHashMap<String, String>();
    remote.adminToken().ifPresent(token -> headers.put("Authorization", "Bearer " + token));
    String path = "/api/entities/" + URLEncoder.encode(entity, StandardCharsets.UTF_8);
    HttpReply reply = remote.send("POST", path, headers, Json.bytes(row), PATIENCE);
    byte[] body = remote.bytes(reply);
    return reply.status() / 100 == 2 ? null : ServerError.parse(reply.status(), body);
  }

  private static Map<String, Object> problem(String entity, int index, ServerError error) {
    var problem = new LinkedHashMap<String, Object>();
    problem.put("entity", entity);
    problem.put("index", index);
    problem.put("code", error.code());
    problem.put("message", error.message());
    return problem;
  }

  private static void report(
      Output output, Map<String, Object> seeded, int total, List<Map<String, Object>> problems) {
    if (output.isJson()) {
      var json = new LinkedHashMap<String, Object>();
      json.put("code", problems.isEmpty() ? "SEED_OK" : "SEED_PARTIAL");
      json.put("seeded", seeded);
      json.put("total", total);
      if (!problems.isEmpty()) {
        json.put("failed", problems);
      }
      output.json(json);
      return;
    }
    seeded.forEach((entity, rows) -> output.line("%-20s %s".formatted(Style.clean(entity), rows)));
    problems.forEach(problem ->
        output.tell(
            "%s %s[%s]: %s %s"
                .formatted(
                    output.errStyle().red(output.errStyle().cross()),
                    Style.clean(String.valueOf(problem.get("entity"))),
                    problem.get("index"),
                    problem.get("code"),
                    Style.clean(String.valueOf(problem.get("message"))))));
  }
}
