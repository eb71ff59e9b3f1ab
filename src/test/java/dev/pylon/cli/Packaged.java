package dev.pylon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The packaged launcher as a user in a folder starts it: into pipes, or on a terminal of its own.
 * Immutable.
 *
 * @param variables beside a small environment that is the same everywhere
 * @param input what is typed or piped
 */
record Packaged(Path folder, Map<String, String> variables, String input) {
  static final Path LAUNCHER = Path.of("bin/pylon").toAbsolutePath();

  /** Shared by all runs, so that the ahead-of-time caches are made once. */
  private static final Path CACHE = Path.of("target/it-cache").toAbsolutePath();

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What came of one run. */
  record Ended(int exit, String out, String err) {}

  static Packaged in(Path folder) {
    return new Packaged(folder, Map.of(), "");
  }

  Packaged with(String name, String value) {
    var more = new LinkedHashMap<>(variables);
    more.put(name, value);
    return new Packaged(folder, more, input);
  }

  Packaged typing(String text) {
    return new Packaged(folder, variables, text);
  }

  /** Runs into two pipes. */
  Ended run(String... args) {
    var command = new ArrayList<>(List.of(LAUNCHER.toString()));
    command.addAll(List.of(args));
    return run(command);
  }

  /** Runs on a terminal of {@code columns}; both streams come as one, as on a screen. */
  Ended onTerminal(int columns, String... args) {
    String line =
        Arrays.stream(args)
            .map(arg -> "'" + arg.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
    String script = "stty cols %d rows 40; exec '%s' %s".formatted(columns, LAUNCHER, line);
    return run(List.of("script", "-qec", script, "/dev/null"));
  }

  /** A line for a shell, in which {@code $P} is the launcher. */
  Ended shell(String line) {
    return run(List.of("bash", "-c", line));
  }

  private Ended run(List<String> words) {
    // Whoever started these tests in the background has Ctrl-C ignored, and children inherit that.
    var command = new ArrayList<>(List.of("env", "--default-signal=INT,HUP"));
    command.addAll(words);
    try {
      Path out = Files.createTempFile("pylon-it", ".out");
      Path err = Files.createTempFile("pylon-it", ".err");
      Path in = Files.writeString(Files.createTempFile("pylon-it", ".in"), input);
      var builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      Map<String, String> environment = builder.environment();
      String path = environment.get("PATH");
      environment.clear();
      environment.put("PATH", path);
      environment.put("HOME", folder.resolve("home").toString());
      environment.put("XDG_CACHE_HOME", CACHE.toString());
      environment.put("LC_ALL", "C.UTF-8");
      environment.put("TERM", "xterm-256color");
      environment.put("P", LAUNCHER.toString());
      environment.putAll(variables);
      Process process = builder.start();
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .as(() -> "still running: " + command)
          .isTrue();
      var ended = new Ended(process.exitValue(), text(out), text(err));
      Files.delete(out);
      Files.delete(err);
      Files.delete(in);
      return ended;
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
