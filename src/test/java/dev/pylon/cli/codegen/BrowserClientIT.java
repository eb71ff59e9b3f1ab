package dev.pylon.cli.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pylon.NeedsBun;
import dev.pylon.NeedsChromium;
import dev.pylon.NeedsChromium.Chromium;
import dev.pylon.PylonProcess;
import dev.pylon.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The generated client in a page of a real browser, whose origin is not that of the server, as in
 * the development of any page.
 */
@NeedsBun
@NeedsChromium
@Timeout(180)
class BrowserClientIT {
  /** What the page does; it tells its own server what came of it. */
  private static final String PAGE =
      """
      import { createClient, type AgentDBError, type Todo } from "./pylon.client";

      const client = createClient(new URLSearchParams(location.search).get("server") ?? "");

      async function use() {
        const added = (await client.callFn("addTodo", { title: "milk" })) as Todo;
        await client.callFn("toggleTodo", { id: added.id });
        const done = (await client.callFn("listTodos", { done: true })) as Todo[];
        const refused = await client
          .callFn("addTodo", { title: "" })
          .then(() => null, (error: AgentDBError) => error.code);
        const { id } = await client.insert("Todo", { title: "bread", done: false, createdAt: added.createdAt });
        const { updated } = await client.update("Todo", id, { title: "rye bread" });
        const row = await client.get("Todo", id);
        const titles = (await client.list("Todo")).map((todo) => todo.title).sort();
        const { deleted } = await client.remove("Todo", id);
        const gone = await client.get("Todo", id).then(() => null, (error: AgentDBError) => error.code);
        return { done: done.map((todo) => todo.title), refused, updated, title: row.title, titles, deleted, gone };
      }

      use()
        .catch((error: unknown) => ({ failed: String(error) }))
        .then((outcome) => fetch("/outcome", { method: "POST", body: JSON.stringify(outcome) }));
      """;

  private static final String TSCONFIG =
      """
      {"compilerOptions": {"strict": true, "noEmit": true, "types": [], "target": "ES2022",
        "module": "ESNext", "moduleResolution": "Bundler", "lib": ["ES2022", "DOM"]},
       "files": ["page.ts"]}
      """;

  @TempDir private Path folder;

  @Test
  void itCallsFunctionsAndChangesRows() throws Exception {
    Path todo = PylonProcess.sample("todo", folder);
    Path web = Files.createDirectory(folder.resolve("web"));
    try (var pylon = PylonProcess.start(todo, "dev", "--port", "0", "--in-memory")) {
      String url = pylon.awaitReady();
      Files.copy(todo.resolve("pylon.client.ts"), web.resolve("pylon.client.ts"));
      Files.writeString(web.resolve("page.ts"), PAGE);
      Files.writeString(web.resolve("tsconfig.json"), TSCONFIG);
      assertThat(run(web, tsc(), "-p", ".")).isEmpty();
      run(web, "build", "page.ts", "--outfile", "page.js");

      assertThat(outcome(web, url))
          .isEqualTo(
              Map.of(
                  "done",
                  List.of("milk"),
                  "refused",
                  "INVALID_TITLE",
                  "updated",
                  true,
                  "title",
                  "rye bread",
                  "titles",
                  List.of("milk", "rye bread"),
                  "deleted",
                  true,
                  "gone",
                  "NOT_FOUND"));
    }
  }

  private static String tsc() {
    return NeedsBun.Bun.path().resolve("../../../.bin/tsc").normalize().toString();
  }

  private static String run(Path where, String... words) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(NeedsBun.Bun.path().toString()));
    command.addAll(List.of(words));
    Process process =
        new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  /** Opens the page, and waits for what it says. */
  private Map<String, @Nullable Object> outcome(Path web, String server) throws Exception {
    var outcome = new CompletableFuture<byte[]>();
    HttpServer pages =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    pages.createContext(
        "/",
        exchange -> answer(exchange, "text/html", "<script type=module src=/page.js></script>"));
    pages.createContext(
        "/page.js",
        exchange -> answer(exchange, "text/javascript", Files.readString(web.resolve("page.js"))));
    pages.createContext(
        "/outcome",
        exchange -> {
          outcome.complete(exchange.getRequestBody().readAllBytes());
          answer(exchange, "text/plain", "");
        });
    pages.start();
    Process browser =
        Chromium.open(
            "http://localhost:%d/?server=%s".formatted(pages.getAddress().getPort(), server),
            Files.createDirectory(folder.resolve("profile")));
    try {
      return Json.parseObject(outcome.get(60, TimeUnit.SECONDS));
    } finally {
      browser.descendants().forEach(ProcessHandle::destroyForcibly);
      browser.destroyForcibly().waitFor();
      pages.stop(0);
    }
  }

  private static void answer(HttpExchange exchange, String type, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
