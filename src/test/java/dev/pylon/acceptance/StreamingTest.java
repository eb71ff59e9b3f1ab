package dev.pylon.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.acceptance.Server.Reply;
import dev.pylon.acceptance.Server.Runtime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams of handlers, and clients that leave them (functions contract, 10 and 20, point 23). */
@NeedsBun
class StreamingTest {
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final String[] SSE = {"Accept", "text/event-stream"};

  @TempDir private static Path folder;
  private static Server server;

  @BeforeAll
  static void start() {
    server = Server.start(folder, "acceptance/hostile", Runtime.BUILT_IN, Map.of());
  }

  @AfterAll
  static void close() {
    server.close();
  }

  // ---- what is sent ----

  @Test
  void chunksAndResultAreEventsAndNothingElseIsSent() {
    assertThat(server.stream("talk", Map.of("chunks", List.of("a", "b"))))
        .isEqualTo("data: a\n\ndata: b\n\nevent: result\ndata: 2\n\n");
  }

  @Test
  void everyLineOfAChunkHasItsOwnDataLine() {
    assertThat(server.stream("talk", Map.of("chunks", List.of("a\nb", "c\r\n\nevent: result"))))
        .isEqualTo(
            "data: a\ndata: b\n\n"
                + "data: c\ndata: \ndata: event: result\n\n"
                + "event: result\ndata: 2\n\n");
  }

  @Test
  void anEventOfTheHandlersOwnKeepsItsName() {
    assertThat(server.stream("talk", Map.of("chunks", List.of(), "event", "progress")))
        .startsWith("event: progress\ndata: named\n\n");
    assertThat(server.stream("talk", Map.of("chunks", List.of(), "event", "result")))
        .startsWith("data: named\n\n");
  }

  @Test
  void aFailureIsTheLastEvent() {
    String events = server.stream("talk", Map.of("chunks", List.of("a"), "code", "ENOUGH"));

    assertThat(events)
        .startsWith("data: a\n\nevent: error\ndata: {\"code\":\"ENOUGH\",\"message\":\"as asked\"");
  }

  @Test
  void swiftsLongAcceptHeaderSelectsTheStream() {
    Reply reply =
        server.call(
            "talk",
            Map.of("chunks", List.of("a")),
            "Accept",
            "text/event-stream, application/x-ndjson, application/octet-stream");

    assertThat(reply.header("content-type")).hasValue("text/event-stream");
    assertThat(reply.header("cache-control")).hasValue("no-cache");
  }

  @Test
  void whoIsTurnedAwayIsSoBeforeTheStreamBegins() {
    assertThat(server.call("nobody", Map.of(), SSE).error())
        .isEqualTo("404 FN_NOT_FOUND Function \"nobody\" is not registered");
    assertThat(server.post("/api/fn/talk", "no json", SSE).error())
        .isEqualTo("400 INVALID_JSON Invalid request body");
  }

  @Test
  void fiftyStreamsRunSideBySide() {
    var streams = new ArrayList<CompletableFuture<Reply>>();
    for (int i = 0; i < 50; i++) {
      streams.add(server.calling("talk", Map.of("chunks", List.of("one " + i, "two " + i)), SSE));
    }

    for (int i = 0; i < 50; i++) {
      assertThat(streams.get(i).join().body())
          .isEqualTo("data: one %1$d\n\ndata: two %1$d\n\nevent: result\ndata: 2\n\n".formatted(i));
    }
  }

  // ---- who leaves ----

  @Test
  void anActionIsCancelledWhenItsReaderLeaves() throws IOException {
    try (Socket client = server.openStream("linger", Map.of("text", "left"))) {
      awaitLine(client, "data: begin");
    }

    assertThat(Server.code(server.trace("linger"))).isEqualTo("CALL_CANCELLED");
    Eventually.within(SOON, () -> server.text("aborted", Map.of()).contains("left"), server::log);
  }

  @Test
  void aQueryThatSaysNothingIsCancelledAsWell() throws IOException {
    try (Socket client = server.openStream("wait", Map.of("ms", 20_000))) {
      awaitLine(client, "HTTP/1.1 200 OK");
    }

    assertThat(Server.code(server.trace("wait"))).isEqualTo("CALL_CANCELLED");
  }

  @Test
  void aMutationGoesOnWhenItsReaderLeaves() throws IOException {
    try (Socket client = server.openStream("lingerMutation", Map.of("text", "committed"))) {
      awaitLine(client, "data: begin");
    }

    assertThat(server.trace("lingerMutation").failed()).isFalse();
    assertThat(server.value("countNotes", Map.of("text", "committed"))).isEqualTo(1L);
  }

  @Test
  void aReaderWhoDoesNotReadIsGivenUp() throws IOException {
    try (Socket client = server.openStream("flood", Map.of())) {
      awaitLine(client, "HTTP/1.1 200 OK");

      assertThat(Server.code(server.trace("flood"))).isEqualTo("CALL_CANCELLED");
    }
  }

  @Test
  void theConnectionOfAStreamServesTheNextRequest() throws IOException {
    byte[] next =
        ("POST /api/fn/quick HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")
            .getBytes(StandardCharsets.UTF_8);
    try (Socket client = server.openStream("talk", Map.of("chunks", List.of("a", "b", "c")))) {
      BufferedReader answer = awaitLine(client, "data: a");

      client.getOutputStream().write(next);

      awaitLine(answer, "event: result");
      awaitLine(answer, "Server-Timing: ");
      client.getOutputStream().write(next);
      awaitLine(answer, "Server-Timing: ");
    }
  }

  private static BufferedReader awaitLine(Socket client, String line) throws IOException {
    client.setSoTimeout((int) SOON.toMillis());
    return awaitLine(
        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8)),
        line);
  }

  private static BufferedReader awaitLine(BufferedReader answer, String line) throws IOException {
    for (String read = answer.readLine(); ; read = answer.readLine()) {
      if (read == null) {
        throw new AssertionError("the connection ended before: " + line);
      }
      if (read.startsWith(line)) {
        return answer;
      }
    }
  }
}
