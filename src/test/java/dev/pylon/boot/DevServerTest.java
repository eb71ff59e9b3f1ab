package dev.pylon.boot;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.config.Config;
import dev.pylon.config.Environment;
import dev.pylon.functions.Reloaded;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Diagnostic;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dev server over a real project and the real Bun, edited as a developer would. */
@NeedsBun
class DevServerTest {
  @TempDir private static Path cache;
  @TempDir private Path folder;
  private final BlockingQueue<DevEvent> events = new LinkedBlockingQueue<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private @Nullable DevServer server;

  @BeforeEach
  void aProject() throws IOException {
    app("title: field.string()");
    function("one", "1");
    function("two", "2");
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private void app(String fields) throws IOException {
    write(
        "app.ts",
        """
        import { buildManifest, entity, field } from "@pylonsync/sdk";
        console.log(JSON.stringify(buildManifest({ name: "shop", version: "1.0.0",
          entities: [entity("Todo", { %s })], routes: [] })));
        """
            .formatted(fields));
  }

  private void function(String name, String result) throws IOException {
    write(
        "functions/" + name + ".ts",
        """
        import { query } from "@pylonsync/functions";
        export default query({ handler: async (ctx) => (%s) });
        """
            .formatted(result));
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private DevServer open(@Nullable Path entry, Map<String, String> typed) {
    var variables =
        Map.of("XDG_CACHE_HOME", cache.toString(), "PYLON_BUN", NeedsBun.Bun.path().toString());
    var environment = new Environment(variables, Map.of(), folder);
    Supplier<Config> settings = () -> Config.forDev(environment, entry, typed);
    ClientSource client = (manifest, functions) -> manifest.name() + functions.size();
    return DevServer.start(
        new DevServer.Options(true, false, false, client, _ -> true, "0"),
        settings,
        Toolchain.of(settings.get()),
        events::add,
        InstantSource.system());
  }

  private DevEvent.Loaded start() throws InterruptedException {
    server = open(null, Map.of("--port", "0"));
    return loaded();
  }

  /** The next load; other events before it are passed over. */
  private DevEvent.Loaded loaded() throws InterruptedException {
    while (true) {
      DevEvent event = events.poll(SOON.toMillis(), TimeUnit.MILLISECONDS);
      assertThat(event).as("no load was told").isNotNull();
      if (event instanceof DevEvent.Loaded loaded) {
        return loaded;
      }
    }
  }

  private static Reloaded functions(DevEvent.Loaded loaded) {
    assertThat(loaded.functions()).isNotNull();
    return loaded.functions();
  }

  private HttpResponse<String> post(String path) throws Exception {
    assertThat(server).isNotNull();
    var request =
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .timeout(SOON)
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private String call(String name) throws Exception {
    return post("/api/fn/" + name).body();
  }

  @Test
  void aProjectIsServedAndItsFilesAreWritten() throws Exception {
    DevEvent.Loaded first = start();

    assertThat(first.isGood()).isTrue();
    assertThat(call("one")).isEqualTo("1");
    assertThat(folder.resolve("pylon.client.ts")).hasContent("shop2");
    assertThat(folder.resolve("pylon.manifest.json")).content().startsWith("{").endsWith("}\n");
    assertThat(folder.resolve(".pylon/dev.json")).content().contains(server.url());
    assertThat(folder.resolve(".pylon/completion.tsv")).hasContent("one\tquery\t\ntwo\tquery\t");
  }

  @Test
  void functionsAreEditedAddedRenamedAndDeleted() throws Exception {
    start();

    function("one", "11");
    assertThat(loaded().files()).containsExactly("functions/one.ts");
    assertThat(call("one")).isEqualTo("11");

    function("fresh", "3");
    assertThat(functions(loaded()).added()).containsExactly("fresh");
    assertThat(call("fresh")).isEqualTo("3");

    Files.move(folder.resolve("functions/fresh.ts"), folder.resolve("functions/renamed.ts"));
    Reloaded renamed = functions(loaded());
    assertThat(renamed.added()).containsExactly("renamed");
    assertThat(renamed.removed()).containsExactly("fresh");

    Files.delete(folder.resolve("functions/renamed.ts"));
    assertThat(functions(loaded()).removed()).containsExactly("renamed");
    assertThat(post("/api/fn/renamed").statusCode()).isEqualTo(404);
  }

  @Test
  void aFunctionThatCannotBeLoadedStandsAlone() throws Exception {
    start();

    write("functions/one.ts", "export default (;\n");
    DevEvent.Loaded broken = loaded();

    assertThat(broken.failed())
        .singleElement()
        .satisfies(file -> {
          assertThat(file.function()).isEqualTo("one");
          assertThat(file.file()).isEqualTo("functions/one.ts");
          assertThat(file.line()).isEqualTo(1);
        });
    assertThat(call("one")).contains("FN_LOAD_FAILED");
    assertThat(call("two")).isEqualTo("2");
  }

  @Test
  void aTouchLoadsNothing() throws Exception {
    start();

    function("one", "1");
    function("two", "22");

    assertThat(loaded().files()).containsExactly("functions/two.ts");
  }

  /** A busy machine may part what is written together, but hardly five times in a row. */
  @Test
  void twentyFilesAreOneLoad() throws Exception {
    start();
    int loads = Integer.MAX_VALUE;

    for (int round = 0; round < 5 && loads > 1; round++) {
      for (int i = 0; i < 20; i++) {
        function("many%d_%d".formatted(round, i), "0");
      }
      loads = 0;
      for (int added = 0; added < 20; loads++) {
        added += functions(loaded()).added().size();
      }
    }

    assertThat(loads).isEqualTo(1);
    function("last", "0");
    assertThat(loaded().files()).containsExactly("functions/last.ts");
  }

  @Test
  void aFileThatIsEmptiedAndFilledIsOneLoad() throws Exception {
    start();

    write("functions/one.ts", "");
    Eventually.within(SOON, () -> server.isDisturbed(), () -> "the change was not heard");
    assertThat(call("one")).isEqualTo("1");
    function("one", "11");

    assertThat(functions(loaded()).removed()).isEmpty();
    assertThat(call("one")).isEqualTo("11");
  }

  @Test
  void functionsMayComeLater() throws Exception {
    Files.delete(folder.resolve("functions/one.ts"));
    Files.delete(folder.resolve("functions/two.ts"));
    Files.delete(folder.resolve("functions"));
    assertThat(start().functions()).isNull();
    assertThat(post("/api/fn/one").statusCode()).isEqualTo(503);

    function("one", "1");
    assertThat(functions(loaded()).added()).containsExactly("one");
    assertThat(call("one")).isEqualTo("1");
  }

  @Test
  void aChangeThatWouldLoseRowsIsRefusedAndExplained() throws Exception {
    start();

    app("title: field.int(), must: field.string()");
    DevEvent.Loaded refused = loaded();

    assertThat(refused.errors())
        .singleElement()
        .satisfies(error -> {
          assertThat(error.code()).isEqualTo("PUSH_BLOCKED");
          assertThat(error.hint()).contains("--reset");
        });
    assertThat(call("one")).isEqualTo("1");
  }

  @Test
  void whatFunctionsImportIsLoadedWithThem() throws Exception {
    write("lib/price.ts", "export const price = 1;\n");
    write(
        "functions/cost.ts",
        """
        import { query } from "@pylonsync/functions";
        import { price } from "../lib/price";
        export default query({ handler: async () => price });
        """);
    start();

    write("lib/price.ts", "export const price = 2;\n");
    loaded();

    assertThat(call("cost")).isEqualTo("2");
  }

  @Test
  void whatTheEntryImportsIsBuiltWithIt() throws Exception {
    write("schema/name.ts", "export const name = 'shop';\n");
    write(
        "app.ts",
        """
        import { buildManifest, entity, field } from "@pylonsync/sdk";
        import { name } from "./schema/name";
        console.log(JSON.stringify(buildManifest({ name, version: "1.0.0",
          entities: [entity("Todo", { title: field.string() })], routes: [] })));
        """);
    start();

    write("schema/name.ts", "export const name = 'store';\n");
    DevEvent.Loaded schema = loaded();

    assertThat(schema.reason()).isEqualTo(DevEvent.Reason.SCHEMA);
    assertThat(schema.functions()).isNull();
    assertThat(schema.manifest()).isNotNull();
    assertThat(schema.manifest().name()).isEqualTo("store");
  }

  @Test
  void pagesOfAFrontEndLoadNothing() throws Exception {
    start();

    write("web/page.tsx", "export const Page = () => null;\n");
    function("two", "22");

    assertThat(loaded().reason()).isEqualTo(DevEvent.Reason.FUNCTIONS);
  }

  @Test
  void anAddedFieldIsThereWithoutARestart() throws Exception {
    start();

    app("title: field.string(), due: field.datetime().optional()");
    DevEvent.Loaded schema = loaded();

    assertThat(schema.operations()).hasSize(1);
    function("one", "(await ctx.db.list('Todo')).length");
    loaded();
    assertThat(call("one")).isEqualTo("0");
  }

  @Test
  void aBrokenAppLeavesTheOldOneInPlace() throws Exception {
    start();

    write("app.ts", "const a = (;\n");
    DevEvent.Loaded broken = loaded();

    assertThat(broken.errors()).extracting(Diagnostic::code).containsExactly("BUN_EXIT");
    assertThat(call("one")).isEqualTo("1");
  }

  @Test
  void anAppBrokenFromTheStartComesUpWhenMended() throws Exception {
    write("app.ts", "const a = (;\n");
    assertThat(start().isGood()).isFalse();
    HttpResponse<String> refused = post("/api/fn/one");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).contains("DEV_BUILD_FAILED", "Unexpected ;", "app.ts");

    app("title: field.string()");
    loaded();

    assertThat(call("one")).isEqualTo("1");
  }

  @Test
  void settingsOfEnvFilesReachFunctionsAndAreTakenBack() throws Exception {
    function("one", "ctx.env.COLOUR ?? 'none'");
    write(".env", "COLOUR=red\n");
    start();
    assertThat(call("one")).isEqualTo("\"red\"");

    write(".env", "COLOUR=blue\n");
    assertThat(loaded().reason()).isEqualTo(DevEvent.Reason.ENV);
    assertThat(call("one")).isEqualTo("\"blue\"");

    write(".env", "OTHER=1\n");
    loaded();
    assertThat(call("one")).isEqualTo("\"none\"");
  }

  @Test
  void aSecondServerOnTheProjectIsRefused() throws Exception {
    start();

    assertThatThrownBy(() -> open(null, Map.of("--port", "0")))
        .isInstanceOfSatisfying(
            PylonException.class,
            e -> assertThat(e.code()).isEqualTo(BootError.DEV_ALREADY_RUNNING))
        .hasMessageContaining(server.url());
  }

  @Test
  void aPortSomebodyAskedForMustBeFree() throws Exception {
    start();
    int taken = URI.create(server.url()).getPort();
    Path other = Files.createDirectories(folder.resolve("other"));
    Files.copy(folder.resolve("app.ts"), other.resolve("app.ts"));

    assertThatThrownBy(() -> open(Path.of("other/app.ts"), Map.of("--port", "" + taken)))
        .isInstanceOfSatisfying(
            PylonException.class, e -> assertThat(e.code()).isEqualTo(BootError.PORT_BUSY));

    assertThat(other.resolve(".pylon/dev.json")).doesNotExist();
  }

  @Test
  void nothingIsLeftAfterwards() throws Exception {
    start();
    // Of this server: other tests have theirs in the same process.
    List<ProcessHandle> children =
        ProcessHandle.current()
            .children()
            .filter(child -> child.info().commandLine().orElse("").contains(folder.toString()))
            .toList();
    assertThat(children).isNotEmpty();

    server.close();

    Eventually.within(
        SOON, () -> children.stream().noneMatch(ProcessHandle::isAlive), () -> children);
    assertThat(folder.resolve(".pylon/dev.json")).doesNotExist();
    assertThatThrownBy(() -> post("/api/fn/one")).isInstanceOf(IOException.class);
  }
}
