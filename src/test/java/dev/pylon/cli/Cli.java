package dev.pylon.cli;

import dev.pylon.cli.command.ExitStatus;
import dev.pylon.config.Environment;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs command lines in this process, as a user in a folder would. Immutable. */
public record Cli(Path folder, Map<String, String> variables, String terminal, String input) {

  /** What one command line came to. */
  public record Result(ExitStatus status, String out, String err) {}

  public static Cli in(Path folder) {
    return new Cli(folder, Map.of(), "", "");
  }

  public Cli with(String variable, String value) {
    var more = new LinkedHashMap<>(variables);
    more.put(variable, value);
    return new Cli(folder, more, terminal, input);
  }

  /**
   * @param streams those that are terminals: {@code i}, {@code o}, {@code e}
   */
  public Cli onTerminal(String streams) {
    return new Cli(folder, variables, streams, input);
  }

  public Cli typing(String text) {
    return new Cli(folder, variables, terminal, text);
  }

  public Result run(String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var environment = new Environment(variables, Map.of("pylon.terminal", terminal), folder);
    var in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
    ExitStatus status = new Main(environment, in, out, err).run(List.of(args));
    return new Result(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
