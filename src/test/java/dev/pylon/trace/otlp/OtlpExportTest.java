package dev.pylon.trace.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.pylon.json.RawJson;
import dev.pylon.trace.Source;
import dev.pylon.trace.Trace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OtlpExportTest {
  private final BlockingQueue<String> received = new ArrayBlockingQueue<>(10);
  private final BlockingQueue<String> complaints = new ArrayBlockingQueue<>(10);

  @Test
  void aCallAndItsOperationsReachTheCollectorInOneTrace() throws Exception {
    HttpServer collector = collector(200);

    try (var export = start(collector)) {
      export.export(trace("c_8", "markDone", "c_7"));
      export.export(trace("c_7", "finish", null));
    }

    String body = received.poll(30, TimeUnit.SECONDS);
    assertThat(body).contains("finish", "markDone", "get Todo", "c_7", "c_8", "pylon.call.id");
    assertThat(complaints).isEmpty();
    collector.stop(0);
  }

  @Test
  void aCollectorThatRefusesIsToldOnce() throws Exception {
    HttpServer collector = collector(400);

    try (var export = start(collector)) {
      export.export(trace("c_1", "noop", null));
      assertThat(complaints.poll(30, TimeUnit.SECONDS)).contains("OTEL_EXPORTER_OTLP_ENDPOINT");
      export.export(trace("c_2", "noop", null));
    }

    assertThat(complaints).isEmpty();
    collector.stop(0);
  }

  @Test
  void onlyANamedCollectorStartsTheExport() {
    assertThat(OtlpExport.isWanted(Map.of())).isFalse();
    assertThat(OtlpExport.isWanted(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", " "))).isFalse();
    assertThat(OtlpExport.isWanted(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318")))
        .isTrue();
    assertThat(OtlpExport.isWanted(Map.of("OTEL_TRACES_EXPORTER", "none"))).isFalse();
    assertThat(
            OtlpExport.isWanted(
                Map.of(
                    "OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318", "OTEL_SDK_DISABLED", "true")))
        .isFalse();
  }

  private OtlpExport start(HttpServer collector) {
    var environment =
        Map.of(
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "http://127.0.0.1:" + collector.getAddress().getPort(),
            "OTEL_EXPORTER_OTLP_COMPRESSION",
            "none",
            "OTEL_BSP_SCHEDULE_DELAY",
            "300");
    return OtlpExport.start(environment, "i1", complaints::add);
  }

  private HttpServer collector(int status) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/traces",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          received.add(new String(body, StandardCharsets.ISO_8859_1));
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static Trace trace(String callId, String function, @Nullable String parent) {
    return new Trace(
        callId,
        function,
        "mutation",
        "u_1",
        1_767_225_600_000L,
        4.5,
        new Trace.Ok(RawJson.NULL),
        List.of(new Trace.Op("get", "Todo", "t1", 0.5, 1.0, 1, true)),
        0,
        0,
        List.of(),
        parent,
        null,
        Source.HTTP,
        "r1",
        0.1,
        0.2,
        1,
        false,
        null,
        List.of(new Trace.LogLine(0.3, "info", "hello")),
        0,
        false);
  }
}
