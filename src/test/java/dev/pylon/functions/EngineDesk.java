package dev.pylon.functions;

import static dev.pylon.Eventually.SOON;
import static dev.pylon.functions.TestEngine.action;

import dev.pylon.Eventually;
import dev.pylon.functions.TestEngine.Limits;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** An engine over the functions that a test names, and calls that go on beside the test. */
abstract class EngineDesk {
  /** Ends when the test lets it: a file appears. */
  static final String HOLD =
      action(
          """
          const { existsSync } = await import("node:fs");
          console.log("holding");
          while (!existsSync(args.until)) await new Promise((go) => setTimeout(go, 2));
          return "held";\
          """);

  @TempDir Path folder;
  final ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();
  private @Nullable TestEngine started;

  @AfterEach
  void close() {
    tasks.shutdownNow();
    if (started != null) {
      started.close();
    }
  }

  final TestEngine start(Limits limits, Map<String, String> sources) throws Exception {
    TestEngine engine = TestEngine.start(folder, limits, sources);
    started = engine;
    return engine;
  }

  final TestEngine start(Map<String, String> sources) throws Exception {
    return start(Limits.ORDINARY, sources);
  }

  final <R> Future<R> aside(Callable<R> work) {
    return tasks.submit(work);
  }

  static <R> R soon(Future<R> work) throws Exception {
    return work.get(SOON.toSeconds(), TimeUnit.SECONDS);
  }

  /** The file that lets it end. */
  final Path signal() {
    return folder.resolve("go");
  }

  static void awaitInFlight(TestEngine engine, int calls) {
    Eventually.within(
        SOON,
        () -> engine.pool().inFlight() == calls,
        () -> engine.pool().inFlight() + " calls in flight instead of " + calls);
  }
}
