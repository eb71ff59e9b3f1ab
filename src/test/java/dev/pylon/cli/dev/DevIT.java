package dev.pylon.cli.dev;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.PylonProcess;
import dev.pylon.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code pylon dev} and {@code pylon serve} as they are started, stopped and killed. */
@NeedsBun
@Timeout(180)
public class DevIT {
  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();

  private CompletableFuture<HttpResponse<String>> call(String url, String function) {
    return http.sendAsync(
        HttpRequest.newBuilder(URI.create(url + "/api/fn/" + function))
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static void assertGone(List<ProcessHandle> children) {
    assertThat(children).isNotEmpty();
    Eventually.within(
        SOON,
        () -> children.stream().noneMatch(DevIT::runs),
        () -> children.stream().filter(DevIT::runs).map(child -> child.info()).toList());
  }

  /** One that has ended counts as alive until somebody has asked how; that is not ours to do. */
  private static boolean runs(ProcessHandle child) {
    try {
      String stat = Files.readString(Path.of("/proc/" + child.pid() + "/stat"));
      return child.isAlive() && stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
    } catch (IOException e) {
      return child.isAlive();
    }
  }

  @Test
  void ctrlCEndsItAndLeavesNothing() throws Exception {
    Path todo = PylonProcess.sample("todo", folder);
    try (var pylon = PylonProcess.start(todo, "dev", "--port", "0")) {
      String url = pylon.awaitReady();
      assertThat(call(url, "listTodos").get(30, TimeUnit.SECONDS).body()).isEqualTo("[]");
      List<ProcessHandle> children = pylon.children();

      pylon.signal("INT");

      assertThat(pylon.awaitExit(SOON)).isEqualTo(130);
      assertGone(children);
      assertThat(todo.resolve(".pylon/dev.json")).doesNotExist();
      assertThat(pylon.err()).containsExactly("stopping");
    }
  }

  /** The start waits for a database that takes the connection and says nothing. */
  @Test
  void ctrlCEndsAStartThatTakesLong() throws Exception {
    Path todo = PylonProcess.sample("todo", folder);
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        var pylon =
            PylonProcess.start(
                todo,
                "dev",
                "--port",
                "0",
                "--db",
                "postgres://u:p@127.0.0.1:%d/x".formatted(silent.getLocalPort()))) {
      silent.setSoTimeout(20_000);
      try (var _ = silent.accept()) {

        pylon.signal("INT");

        assertThat(pylon.awaitExit(Duration.ofSeconds(4))).isEqualTo(130);
        assertThat(pylon.err()).contains("stopping");
        assertThat(todo.resolve(".pylon/dev.json")).doesNotExist();
      }
    }
  }

  @Test
  void aSecondCtrlCDoesNotWaitForCalls() throws Exception {
    Path todo = PylonProcess.sample("todo", folder);
    Files.writeString(
        todo.resolve("functions/slow.ts"),
        """
        import { action } from "@pylonsync/functions";
        export default action({ handler: () => new Promise(() => console.log("waiting")) });
        """);
    try (var pylon =
        PylonProcess.start(todo, List.of("PYLON_DRAIN_SECS=60"), "dev", "--port", "0", "--json")) {
      String ready = pylon.awaitLine(line -> line.contains("\"event\":\"ready\""));
      Object url = Json.parseObject(ready.getBytes(StandardCharsets.UTF_8)).get("url");
      CompletableFuture<HttpResponse<String>> slow = call(String.valueOf(url), "slow");
      assertThat(call(String.valueOf(url), "listTodos").get(30, TimeUnit.SECONDS).body())
          .isEqualTo("[]");
      List<ProcessHandle> children = pylon.children();

      pylon.signal("TERM");
      // Two that come at once are one.
      Eventually.within(SOON, () -> pylon.err().contains("stopping"), pylon::err);
      pylon.signal("TERM");

      assertThat(pylon.awaitExit(SOON)).isEqualTo(143);
      assertGone(children);
      slow.cancel(true);
    }
  }

  @Test
  void aKilledServerLeavesNoChildAndTheNextStartIsClean() throws Exception {
    Path todo = PylonProcess.sample("todo", folder);
    try (var pylon = PylonProcess.start(todo, "dev", "--port", "0")) {
      pylon.awaitReady();
      List<ProcessHandle> children = pylon.children();

      pylon.signal("KILL");

      assertThat(pylon.awaitExit(SOON)).isEqualTo(137);
      assertGone(children);
      assertThat(todo.resolve(".pylon/dev.json")).exists();
    }
    try (var next = PylonProcess.start(todo, "dev", "--port", "0", "--until-success")) {
      next.awaitReady();
      assertThat(next.awaitExit(PylonProcess.PATIENCE)).isZero();
    }
  }

  @Test
  void itSeedsAndCallsAfterAGoodLoad() throws Exception {
    Path todo = PylonProcess.sample("todo", folder);
    Files.writeString(
        todo.resolve("demo.json"),
        """
        {"Todo":[{"title":"milk","done":false,"createdAt":"2026-01-01T00:00:00Z"}]}
        """);
    try (var pylon =
        PylonProcess.start(
            todo,
            "dev",
            "--port=0",
            "--in-memory",
            "--seed=demo.json",
            "--run=listTodos",
            "--until-success",
            "--json")) {
      assertThat(pylon.awaitLine(line -> line.startsWith("{\"event\":\"seed\"")))
          .contains("\"code\":\"SEED_OK\",\"seeded\":{\"Todo\":1}");
      assertThat(pylon.awaitLine(line -> line.startsWith("{\"event\":\"run\"")))
          .contains("\"answer\":{\"ok\":true,\"value\":[", "\"title\":\"milk\"");
      assertThat(pylon.awaitExit(PylonProcess.PATIENCE)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"todo", "auction", "chat"})
  void onceWritesTheSameFilesTwice(String name) throws Exception {
    Path project = PylonProcess.sample(name, folder);
    Map<String, Object> first;
    try (var pylon = PylonProcess.start(project, "dev", "--once", "--json")) {
      first = Map.copyOf(pylon.awaitJson());
    }
    byte[] client = Files.readAllBytes(project.resolve("pylon.client.ts"));
    byte[] manifest = Files.readAllBytes(project.resolve("pylon.manifest.json"));

    try (var pylon = PylonProcess.start(project, "dev", "--once", "--json")) {
      assertThat(pylon.awaitJson()).isEqualTo(first);
    }

    assertThat(first).containsEntry("code", "DEV_OK").containsEntry("name", name);
    assertThat(project.resolve("pylon.client.ts")).hasBinaryContent(client);
    assertThat(project.resolve("pylon.manifest.json")).hasBinaryContent(manifest);
  }

  @ParameterizedTest
  @ValueSource(strings = {"todo", "auction", "chat"})
  void theClientOfEverySampleCompiles(String name) throws Exception {
    Path sample = PylonProcess.sample(name, folder);
    try (var pylon = PylonProcess.start(sample, "dev", "--once")) {
      assertThat(pylon.awaitExit(PylonProcess.PATIENCE)).as("%s", pylon.err()).isZero();
    }
    Path bun = NeedsBun.Bun.path();
    Process tsc =
        new ProcessBuilder(
                bun.toString(), bun.resolve("../../../.bin/tsc").normalize().toString(), "-p", ".")
            .directory(sample.toFile())
            .redirectErrorStream(true)
            .start();

    String said = new String(tsc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(said).isEmpty();
    assertThat(Files.readString(sample.resolve("pylon.client.ts")))
        .contains("export type FunctionName = \"");
  }

  @Test
  void whatCannotStartSaysWhyInOneSentence() throws Exception {
    Path todo = PylonProcess.sample("todo", folder);
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Files.writeString(todo.resolve("broken.ts"), "const a = (;\n");

    assertEnds(empty, 64, "No app.ts in " + empty.toRealPath(), "dev");
    assertEnds(todo, 1, "No such file: gone.ts", "dev", "gone.ts");
    assertEnds(
        todo, 64, "--port \"x\": a whole number from 0 to 65535 expected", "dev", "--port=x");
    assertEnds(todo, 1, "No Bun at ", "dev", "--bun", "nowhere");
    assertEnds(todo, 1, "broken.ts:1:12: Unexpected ;", "dev", "broken.ts", "--once");
    assertEnds(todo, 1, "PYLON_CORS_ORIGIN is not set", "serve");
  }

  private static void assertEnds(Path folder, int status, String message, String... words)
      throws IOException, InterruptedException {
    try (var pylon = PylonProcess.start(folder, words)) {
      assertThat(pylon.awaitExit(PylonProcess.PATIENCE)).as("%s", pylon.err()).isEqualTo(status);
      Eventually.within(SOON, () -> !pylon.err().isEmpty(), pylon::out);
      assertThat(pylon.err().getFirst()).startsWith("error: " + message);
      assertThat(pylon.out()).isEmpty();
    }
  }
}
