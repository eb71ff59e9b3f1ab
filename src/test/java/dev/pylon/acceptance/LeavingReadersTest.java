package dev.pylon.acceptance;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.acceptance.Server.Runtime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that leave the stream they asked for (functions contract, 10 and 20, point 23). What a
 * stream consists of is held by {@code StreamedCallsTest}.
 */
@NeedsBun
class LeavingReadersTest {
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
  void theCallsItHasMadeAreCancelledWithIt() throws IOException {
    try (Socket client = server.openStream("lingerInside", Map.of())) {
      awaitLine(client, "data: begin");
      server.value("quick");
    }

    assertThat(Server.code(server.trace("lingerInside"))).isEqualTo("CALL_CANCELLED");
    assertThat(Server.code(server.trace("waitAction"))).isEqualTo("CALL_CANCELLED");
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
