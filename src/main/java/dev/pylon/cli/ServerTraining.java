package dev.pylon.cli;

import dev.pylon.boot.DevEvent;
import dev.pylon.boot.DevServer;
import dev.pylon.boot.Toolchain;
import dev.pylon.cli.codegen.ProjectClient;
import dev.pylon.cli.command.Release;
import dev.pylon.cli.scaffold.Scaffold;
import dev.pylon.config.Config;
import dev.pylon.config.Environment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Runs a development server on a new project and calls it, for the JVM to watch. */
final class ServerTraining {
  private static final long START_SECONDS_MAX = 30;

  /** Calls of each function: enough for what a call does to be seen more than once. */
  private static final int ROUNDS = 20;

  private ServerTraining() {}

  /**
   * @param project a folder that is thrown away afterwards
   */
  static void run(Path project, Environment environment) throws IOException, InterruptedException {
    Scaffold.write(project, "training");
    var options = Map.of("--port", "0");
    Supplier<Config> settings = () -> Config.forDev(environment.in(project), null, options);
    var loaded = new CountDownLatch(1);
    try (var server =
        DevServer.start(
            new DevServer.Options(
                true, false, false, ProjectClient::text, _ -> true, Release.version()),
            settings,
            Toolchain.of(settings.get()),
            event -> {
              if (event instanceof DevEvent.Loaded) {
                loaded.countDown();
              }
            },
            InstantSource.system())) {
      if (!loaded.await(START_SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new IllegalStateException("no server after " + START_SECONDS_MAX + " s");
      }
      String url = server.url();
      for (int i = 0; i < ROUNDS; i++) {
        for (List<String> line :
            List.of(
                List.of("call", "addTodo", "title=" + i),
                List.of("call", "listTodos", "--no-stream"),
                List.of("call", "addExamples", "--as", "u_1"),
                List.of("call", "addTodo", "--url", url),
                List.of("traces"),
                List.of("fns"))) {
          Training.run(project, "", line.toArray(String[]::new));
        }
      }
    }
  }
}
