package dev.pylon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.pylon.config.Config;
import dev.pylon.config.Environment;
import dev.pylon.functions.runtime.RuntimeListener;
import dev.pylon.schema.Manifest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A letter that is not taken for the moment, and a server that stops in that moment. */
class LastLettersTest {
  private static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "notes", "version": "1", "routes": [], "entities": [
         {"name": "Note", "indexes": [], "fields": [
           {"name": "text", "type": "string", "optional": false, "unique": false}]}]}
      """;

  @TempDir private Path folder;
  private final CountDownLatch refused = new CountDownLatch(1);
  private final AtomicInteger taken = new AtomicInteger();

  @Test
  void itIsSentOnceMoreBeforeTheEnd() throws Exception {
    HttpServer provider = provider();
    Pylon pylon = pylon(provider.getAddress().getPort());
    try (HttpClient http = HttpClient.newHttpClient()) {
      pylon.provide(Manifest.parse(MANIFEST.getBytes(StandardCharsets.UTF_8)), "start");
      var answer = http.sendAsync(askForCode(pylon), HttpResponse.BodyHandlers.ofString());
      assertThat(refused.await(30, TimeUnit.SECONDS)).isTrue();

      pylon.close(Duration.ofSeconds(10));

      assertThat(taken).hasValue(1);
      assertThat(answer).succeedsWithin(Duration.ofSeconds(10));
    } finally {
      pylon.close(Duration.ZERO);
      provider.stop(0);
    }
  }

  /** It refuses the first and takes the second. */
  private HttpServer provider() throws Exception {
    HttpServer provider =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    provider.createContext(
        "/",
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          boolean first = refused.getCount() == 1;
          exchange.sendResponseHeaders(first ? 503 : 202, -1);
          exchange.close();
          if (first) {
            refused.countDown();
          } else {
            taken.incrementAndGet();
          }
        });
    provider.start();
    return provider;
  }

  private Pylon pylon(int port) throws Exception {
    Path manifest = Files.writeString(folder.resolve("pylon.manifest.json"), MANIFEST);
    var environment =
        new Environment(
            Map.of(
                "XDG_CACHE_HOME", folder.resolve("cache").toString(),
                "PYLON_CORS_ORIGIN", "https://notes.example",
                "PYLON_ADMIN_TOKEN", "a-secret-of-some-length",
                "PYLON_EMAIL_PROVIDER", "webhook",
                "PYLON_EMAIL_API_KEY", "key",
                "PYLON_EMAIL_ENDPOINT", "http://127.0.0.1:" + port),
            Map.of(),
            folder);
    Config config =
        Config.forServe(environment, manifest, Map.of("--port", "0", "--host", "127.0.0.1"));
    return Pylon.start(
        config,
        Toolchain.of(config),
        new Pylon.Start(true, null, "0"),
        RuntimeListener.SILENT,
        InstantSource.system());
  }

  private static HttpRequest askForCode(Pylon pylon) {
    return HttpRequest.newBuilder(URI.create(pylon.url() + "/api/auth/magic/send"))
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString("{\"email\": \"ann@example.com\"}"))
        .build();
  }
}
