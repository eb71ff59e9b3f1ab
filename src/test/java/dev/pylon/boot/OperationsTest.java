package dev.pylon.boot;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.Eventually;
import dev.pylon.config.Config;
import dev.pylon.config.Environment;
import dev.pylon.functions.runtime.RuntimeListener;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Manifest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators ask of a whole server, and how they reach it. */
class OperationsTest {
  private static final String ADMIN = "an-operators-token";
  private static final String PASSWORD = "key-store-password";
  private static final String MANIFEST =
      """
      {"manifest_version": 1, "name": "test", "version": "1.0.0", "routes": [], "entities": [
        {"name": "Note", "indexes": [], "fields": [
          {"name": "text", "type": "string", "optional": true, "unique": false}]}]}
      """;

  @TempDir private Path folder;

  private Pylon start(Map<String, String> more) throws IOException {
    Config config = config(more);
    return Pylon.start(
        config,
        Toolchain.of(config),
        new Pylon.Start(true, null, "test"),
        RuntimeListener.SILENT,
        InstantSource.system());
  }

  private Config config(Map<String, String> more) throws IOException {
    var variables = new HashMap<String, String>();
    variables.put("PYLON_PORT", "0");
    variables.put("PYLON_HOST", "127.0.0.1");
    variables.put("PYLON_CORS_ORIGIN", "https://a.example");
    variables.put("PYLON_ADMIN_TOKEN", ADMIN);
    variables.put("PYLON_IN_MEMORY", "1");
    variables.put("PYLON_ACCESS_LOG", "0");
    variables.put("XDG_CACHE_HOME", Path.of("target").toAbsolutePath().toString());
    variables.putAll(more);
    Files.writeString(folder.resolve("pylon.manifest.json"), MANIFEST);
    return Config.forServe(new Environment(variables, Map.of(), folder), null, Map.of());
  }

  private static void provide(Pylon pylon) {
    pylon.provide(Manifest.parse(MANIFEST.getBytes(StandardCharsets.UTF_8)), "test");
  }

  private static HttpResponse<String> get(
      HttpClient http, Pylon pylon, String path, String... headers)
      throws IOException, InterruptedException {
    return get(http, pylon.url(), path, headers);
  }

  private static HttpResponse<String> get(
      HttpClient http, String url, String path, String... headers)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create(url + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void readinessComesWithTheManifestAndHealthTellsTheSame() throws Exception {
    try (Pylon pylon = start(Map.of());
        HttpClient http = HttpClient.newHttpClient()) {
      assertThat(get(http, pylon, "/readyz").statusCode()).isEqualTo(503);
      assertThat(get(http, pylon, "/readyz").headers().firstValue("Retry-After")).hasValue("1");

      provide(pylon);

      for (String path : List.of("/readyz", "/ready")) {
        HttpResponse<String> ready = get(http, pylon, path);
        assertThat(ready.statusCode()).as(ready.body()).isEqualTo(200);
        assertThat(ready.body())
            .isEqualTo(
                "{\"status\":\"ready\",\"checks\":{\"serving\":true,\"database\":true,"
                    + "\"functions\":true}}");
      }
      assertThat(get(http, pylon, "/health").body()).startsWith("{\"status\":\"ok\"");
    }
  }

  private static String readiness(HttpClient http, String url) {
    try {
      return get(http, url, "/readyz").body();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aBalancerHearsOfTheEndWhileRequestsAreStillServed() throws Exception {
    Config config = config(Map.of("PYLON_DRAIN_DELAY_SECS", "600"));
    try (ServeServer server =
            ServeServer.start(config, Toolchain.of(config), "test", InstantSource.system());
        HttpClient http = HttpClient.newHttpClient()) {
      String url = server.facts().url();
      Thread closing = Thread.ofVirtual().start(server::close);

      Eventually.within(
          SOON,
          () -> readiness(http, url).contains("\"status\":\"draining\""),
          () -> readiness(http, url));
      assertThat(get(http, url, "/readyz").statusCode()).isEqualTo(503);
      assertThat(get(http, url, "/api/entities/Note").statusCode()).isEqualTo(200);

      closing.interrupt();
      assertThat(closing.join(SOON)).isTrue();
      assertThatThrownBy(() -> get(http, url, "/readyz")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void metricsAreForTheAdmin() throws Exception {
    try (Pylon pylon = start(Map.of());
        HttpClient http = HttpClient.newHttpClient()) {
      provide(pylon);

      HttpResponse<String> refused = get(http, pylon, "/metrics");
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.body()).contains("\"code\":\"UNAUTHORIZED\"");

      get(http, pylon, "/api/entities/Note");
      get(http, pylon, "/api/none");
      get(http, pylon, "/health");

      assertThat(get(http, pylon, "/metrics", "Authorization", "Bearer " + ADMIN).body())
          .contains("\"requests\":{\"total\":3,\"ok\":1,\"error\":2},\"methods\":{\"GET\":3,");
    }
  }

  @Test
  void prometheusReadsTheNamesItHasAlwaysRead() throws Exception {
    try (Pylon pylon = start(Map.of("PYLON_DEV_MODE", "1"));
        HttpClient http = HttpClient.newHttpClient()) {
      provide(pylon);
      get(http, pylon, "/api/entities/Note");
      get(http, pylon, "/elsewhere/" + "x".repeat(100));

      HttpResponse<String> text = get(http, pylon, "/metrics", "Accept", "text/plain");

      assertThat(text.headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/plain; version=0.0.4");
      assertThat(text.body())
          .contains(
              "# TYPE pylon_uptime_seconds gauge",
              "# TYPE pylon_http_requests_total counter\npylon_http_requests_total 2.0",
              "pylon_http_requests_ok_total 1.0",
              "pylon_http_requests_errors_total 1.0",
              "# TYPE pylon_http_requests_by_method counter",
              "pylon_http_requests_by_method{method=\"GET\"} 2.0",
              "pylon_http_request_duration_seconds_bucket{area=\"entities\",status=\"2xx\",le=\"+Inf\"} 1",
              "pylon_http_request_duration_seconds_count{area=\"other\",status=\"4xx\"} 1",
              "pylon_http_in_flight 1.0",
              "pylon_http_connections ",
              "pylon_jobs{state=\"pending\"} 0.0",
              "jvm_memory_used_bytes")
          .doesNotContain("xxxx");
      assertThat(get(http, pylon, "/metrics", "Accept", "application/openmetrics-text").body())
          .contains("pylon_http_requests_total 3.0")
          .endsWith("# EOF\n");
    }
  }

  // ---- TLS ----

  private Path keystore(String algorithm) throws Exception {
    Path file = folder.resolve("keys.p12");
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "pylon",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=IP:127.0.0.1",
                "-keystore",
                file.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(file).exists();
    return file;
  }

  private static KeyStore opened(Path file) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  /** Believes the server of {@code keys}, and nobody else. */
  private static HttpClient trusting(KeyStore keys) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("pylon", keys.getCertificate("pylon"));
    var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return HttpClient.newBuilder().sslContext(context).build();
  }

  private static String pem(String kind, byte[] bytes) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(kind, Base64.getMimeEncoder().encodeToString(bytes), kind);
  }

  private static void isServed(Pylon pylon, KeyStore keys) throws Exception {
    provide(pylon);
    try (HttpClient http = trusting(keys)) {
      assertThat(pylon.url()).startsWith("https://");
      for (int i = 0; i < 3; i++) {
        assertThat(get(http, pylon, "/health").statusCode()).isEqualTo(200);
        assertThat(get(http, pylon, "/api/entities/Note").body()).startsWith("{\"data\":[]");
      }
      String large = "x".repeat(200_000);
      HttpResponse<String> refused = get(http, pylon, "/health", "X-Large", large);
      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(431);
      assertThat(refused.body()).contains("HEADERS_TOO_LARGE");
      HttpResponse<String> posted =
          http.send(
              HttpRequest.newBuilder(URI.create(pylon.url() + "/api/entities/Note"))
                  .POST(HttpRequest.BodyPublishers.ofString("{\"text\":\"" + large + "\"}"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(posted.statusCode()).as(posted.body()).isBetween(200, 201);
      assertThat(get(http, pylon, "/api/entities/Note").body()).contains(large);
    }
  }

  @Test
  void aKeyStoreMakesItHttps() throws Exception {
    Path file = keystore("EC");
    var settings =
        Map.of("PYLON_TLS_KEYSTORE", file.toString(), "PYLON_TLS_KEYSTORE_PASSWORD", PASSWORD);
    try (Pylon pylon = start(settings)) {
      isServed(pylon, opened(file));
    }
  }

  @Test
  void soDoACertificateAndItsKey() throws Exception {
    KeyStore keys = opened(keystore("RSA"));
    Files.writeString(
        folder.resolve("cert.pem"), pem("CERTIFICATE", keys.getCertificate("pylon").getEncoded()));
    Files.writeString(
        folder.resolve("key.pem"),
        pem("PRIVATE KEY", keys.getKey("pylon", PASSWORD.toCharArray()).getEncoded()));
    try (Pylon pylon = start(Map.of("PYLON_TLS_CERT", "cert.pem", "PYLON_TLS_KEY", "key.pem"))) {
      isServed(pylon, keys);
    }
  }

  @Test
  void whatIsNoKeyIsRefusedWithTheReason() throws Exception {
    Files.writeString(folder.resolve("key.pem"), pem("RSA PRIVATE KEY", new byte[] {1}));
    Files.writeString(folder.resolve("cert.pem"), "");

    assertThatThrownBy(
            () -> start(Map.of("PYLON_TLS_CERT", "cert.pem", "PYLON_TLS_KEY", "key.pem")))
        .isInstanceOf(PylonException.class)
        .hasMessageStartingWith("TLS cannot be had: ")
        .hasMessageContaining("no plain PKCS#8 key");
    assertThatThrownBy(() -> start(Map.of("PYLON_TLS_CERT", "cert.pem")))
        .hasMessage("PYLON_TLS_CERT and PYLON_TLS_KEY are set together");
    assertThatThrownBy(() -> start(Map.of("PYLON_TLS_KEYSTORE", "gone.p12")))
        .hasMessageContaining("gone.p12 cannot be read");
  }
}
