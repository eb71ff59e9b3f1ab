package dev.pylon.cli.remote;

import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Syntax;
import dev.pylon.cli.text.Style;
import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code pylon status}: which server answers here, and how it is. */
public final class StatusCommand implements Command {

  @Override
  public void describe(Syntax syntax) {
    syntax
        .summary("Show which server runs here and whether it is healthy.")
        .example("pylon status", "The server of this project.")
        .example("pylon status --json", "The same for scripts.");
    Remote.describe(syntax);
  }

  @Override
  public ExitStatus run(Invocation invocation) {
    try (Remote remote = Remote.connect(invocation)) {
      HttpReply reply = remote.get("/health");
      Map<String, @Nullable Object> health = health(remote.bytes(reply));
      var status = new LinkedHashMap<String, @Nullable Object>();
      status.put("url", remote.url().toString());
      status.put("status", health.getOrDefault("status", "HTTP " + reply.status()));
      status.put("version", health.get("version"));
      status.put("instance", reply.header("x-pylon-instance").orElse(null));
      remote
          .devFile()
          .ifPresent(file -> {
            status.put("project", file.project().toString());
            status.put("started_at", file.startedAtText().orElse(null));
          });
      print(invocation.output(), status);
      return reply.status() == 200 ? ExitStatus.OK : ExitStatus.UNAVAILABLE;
    }
  }

  private static Map<String, @Nullable Object> health(byte[] body) {
    try {
      return Json.parseObject(body);
    } catch (JsonException e) {
      return Map.of(); // some other server; its status says the rest
    }
  }

  private static void print(Output output, Map<String, @Nullable Object> status) {
    if (output.isJson()) {
      output.json(status);
      return;
    }
    status.forEach((name, value) -> {
      if (value != null) {
        output.line("%-11s %s".formatted(name, Style.clean(value.toString())));
      }
    });
  }
}
