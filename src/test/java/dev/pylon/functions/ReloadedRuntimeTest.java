package dev.pylon.functions;

import static dev.pylon.Eventually.SOON;
import static dev.pylon.functions.TestEngine.action;
import static dev.pylon.functions.TestEngine.failure;
import static dev.pylon.functions.TestEngine.query;
import static dev.pylon.functions.TestEngine.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.functions.runtime.StartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** New code for a runtime that answers: old calls end on the old one, new ones begin on the new. */
@NeedsBun
class ReloadedRuntimeTest extends EngineDesk {
  @Test
  void aReloadAnswersWithTheNewCodeAndLetsOldCallsFinishOnTheOld() throws Exception {
    TestEngine engine =
        start(Map.of("hold", HOLD, "version", query("return 1;"), "gone", query("return 1;")));
    Future<Answer> old = aside(() -> engine.call("hold", Map.of("until", signal().toString())));
    awaitInFlight(engine, 1);

    engine.write("version", query("return 2;"));
    engine.write("hold", action("return \"new\";"));
    engine.write("more", query("return 1;"));
    engine.delete("gone");
    Reloaded reloaded = engine.functions().reload(Map.of());

    assertThat(reloaded.added()).containsExactly("more");
    assertThat(reloaded.removed()).containsExactly("gone");
    assertThat(engine.value("version", Map.of())).isEqualTo(2L);
    assertThat(engine.value("hold", Map.of())).isEqualTo("new");
    assertThat(failure(engine.call("gone"))).startsWith("FN_NOT_FOUND 404");
    Files.createFile(signal());
    assertThat(value(soon(old))).isEqualTo("held");
  }

  @Test
  void noCallFailsWhileTheCodeIsReloaded() throws Exception {
    TestEngine engine = start(Map.of("version", query("return 0;")));
    var stop = new AtomicBoolean();
    var newest = new AtomicInteger();
    List<Future<Integer>> callers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      callers.add(
          aside(() -> {
            int calls = 0;
            while (!stop.get()) {
              long least = newest.get();
              assertThat((Long) engine.value("version", Map.of())).isGreaterThanOrEqualTo(least);
              calls++;
            }
            return calls;
          }));
    }

    for (int version = 1; version <= 10; version++) {
      engine.write("version", query("return " + version + ";"));
      engine.functions().reload(Map.of());
      newest.set(version);
    }
    stop.set(true);

    for (Future<Integer> caller : callers) {
      assertThat(soon(caller)).isPositive();
    }
    assertThat(engine.value("version", Map.of())).isEqualTo(10L);
  }

  /** The runtime on standby has seen the folder without the package, and remembers. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere a child does not tell where it runs")
  void aPackageThatWasInstalledMeanwhileIsFound() throws Exception {
    TestEngine engine = start(Map.of("version", query("return 1;")));
    engine.write(
        "shout",
        """
        import { loud } from "loudly";
        export default { type: "query", handler: () => loud("ok") };
        """);
    engine.functions().reload(Map.of());
    assertThat(failure(engine.call("shout"))).startsWith("FN_LOAD_FAILED 500");
    assertThat(engine.value("version", Map.of())).isEqualTo(1L);
    Eventually.within(SOON, () -> runtimes() == 2, () -> "no standby");

    Path loudly = Files.createDirectories(folder.resolve("node_modules/loudly"));
    Files.writeString(
        loudly.resolve("package.json"), "{\"name\":\"loudly\",\"main\":\"loudly.js\"}");
    Files.writeString(loudly.resolve("loudly.js"), "exports.loud = (text) => text.toUpperCase();");
    engine.functions().reload(Map.of());

    assertThat(engine.value("shout", Map.of())).isEqualTo("OK");
  }

  /** Children that run in our folder. */
  private long runtimes() {
    return ProcessHandle.current()
        .children()
        .filter(child -> {
          try {
            return Files.isSameFile(Path.of("/proc/" + child.pid() + "/cwd"), folder);
          } catch (IOException e) {
            return false; // has just ended
          }
        })
        .count();
  }

  /** Only the first import hangs: what is replaced meanwhile loads the same files. */
  @Test
  void aRuntimeThatDiesWhileNewCodeHangsIsReplacedAtOnce() throws Exception {
    TestEngine engine = start(Map.of("pid", query("return process.pid;")));
    engine.write(
        "hanging",
        """
        import { existsSync, writeFileSync } from "node:fs";
        const mark = process.cwd() + "/imported";
        if (!existsSync(mark)) {
          writeFileSync(mark, "");
          await new Promise(() => {});
        }
        export default { type: "query", handler: () => "imported" };
        """);
    Future<?> reload = aside(() -> engine.functions().reload(Map.of()));
    Eventually.within(SOON, () -> Files.exists(folder.resolve("imported")), () -> "no import");

    engine.runtime().destroyForcibly();

    Eventually.within(SOON, () -> engine.call("hanging") instanceof Answer.Returned, engine::log);
    assertThat(reload.isDone()).isFalse();
  }

  @Test
  void theEnvironmentOfTheNewCodeIsAsAsked() throws Exception {
    TestEngine engine =
        start(Map.of("greeting", query("return process.env.PYLON_TEST_GREETING ?? null;")));
    assertThat(engine.value("greeting", Map.of())).isNull();

    engine.functions().reload(Map.of("PYLON_TEST_GREETING", "hello"));

    assertThat(engine.value("greeting", Map.of())).isEqualTo("hello");
  }

  @Test
  void aReloadThatFailsKeepsTheOldCode() throws Exception {
    TestEngine engine = start(Map.of("version", query("return 1;")));
    Path functions = folder.resolve("functions");

    Files.move(functions, folder.resolve("aside"));
    assertThatThrownBy(() -> engine.functions().reload(Map.of()))
        .isInstanceOf(StartException.class);

    assertThat(engine.value("version", Map.of())).isEqualTo(1L);
    Files.move(folder.resolve("aside"), functions);
    engine.functions().reload(Map.of());
    assertThat(engine.value("version", Map.of())).isEqualTo(1L);
  }

  @Test
  void aFileThatNoLongerLoadsFailsAloneUntilItIsMended() throws Exception {
    TestEngine engine = start(Map.of("a", query("return 1;"), "b", query("return 1;")));

    engine.write("a", "export default query({ handler( });");
    engine.functions().reload(Map.of());

    assertThat(failure(engine.call("a"))).startsWith("FN_LOAD_FAILED 500");
    assertThat(engine.value("b", Map.of())).isEqualTo(1L);
    engine.write("a", query("return 2;"));
    engine.functions().reload(Map.of());
    assertThat(engine.value("a", Map.of())).isEqualTo(2L);
  }
}
