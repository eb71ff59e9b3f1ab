package dev.pylon.server;

import static dev.pylon.server.TestServer.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.pylon.Eventually;
import dev.pylon.ai.ChatModel;
import dev.pylon.ai.Provider;
import dev.pylon.auth.Auth;
import dev.pylon.server.routes.AiRoutes;
import dev.pylon.server.routes.Callers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Over real connections, with a provider on this machine. */
class AiRoutesTest {
  private static final String HELLO =
      """
      {"messages": [{"role": "system", "content": "Be brief."}, {"role": 5}, "x",
       {"role": "user", "content": "Hello"}]}\
      """;

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch left = new CountDownLatch(1);
  private com.sun.net.httpserver.HttpServer provider;

  @BeforeEach
  void start() throws IOException {
    provider =
        com.sun.net.httpserver.HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    answering(
        "/v1/chat/completions",
        200,
        """
        : a comment

        data: {"choices":[{"delta":{"role":"assistant"}}]}

        data: {"choices":[{"delta":{"content":"Hel"}}]}

        data: {"choices":[{"delta":{"content":"lo\\n\\"you\\""}}]}

        data: {"choices":[]}

        data: [DONE]

        data: {"choices":[{"delta":{"content":"too late"}}]}

        """);
    answering(
        "/v1/messages",
        200,
        """
        event: message_start
        data: {"type":"message_start","message":{"content":[]}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hi"}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{}"}}

        event: message_stop
        data: {"type":"message_stop"}

        """);
    answering("/refuses", 401, "{\"error\": \"unknown key the-key\"}");
    answering("/breaks", 200, "data: {\"error\": {\"message\": \"the-key\"}}\n\n");
    answering("/babbles", 200, "data: {{{\n\n");
    provider.createContext("/endless", this::goOn);
    provider.start();
  }

  @AfterEach
  void stop() {
    provider.stop(0);
  }

  private void answering(String path, int status, String text) {
    provider.createContext(
        path,
        exchange -> {
          note(exchange);
          byte[] body = text.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  private void note(HttpExchange exchange) throws IOException {
    var headers = exchange.getRequestHeaders();
    asked.add(
        "%s %s %s %s"
            .formatted(
                headers.getFirst("Authorization"),
                headers.getFirst("x-api-key"),
                headers.getFirst("anthropic-version"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
  }

  /** Talks until nobody listens any more. */
  private void goOn(HttpExchange exchange) throws IOException {
    note(exchange);
    exchange.sendResponseHeaders(200, 0);
    byte[] piece =
        "data: {\"choices\":[{\"delta\":{\"content\":\"on and \"}}]}\n\n"
            .getBytes(StandardCharsets.UTF_8);
    try (var out = exchange.getResponseBody()) {
      while (true) {
        out.write(piece);
        out.flush();
      }
    } catch (IOException nobodyListens) {
      left.countDown();
    }
  }

  private LoopbackServer server(Provider speaking, String path) throws IOException {
    URI at = URI.create("http://127.0.0.1:%d%s".formatted(provider.getAddress().getPort(), path));
    return server(Optional.of(new ChatModel(speaking, at, "the-key", "small")));
  }

  private static LoopbackServer server(Optional<ChatModel> model) throws IOException {
    var router = new Router();
    var callers = new Callers(new Auth("admin-token", "local-token"), TestServer.COOKIE);
    new AiRoutes(callers, model).addTo(router);
    return LoopbackServer.start(router);
  }

  private static String said(LoopbackServer server, String body) {
    return whole(server.request("POST", "/api/ai/stream", ADMIN, body));
  }

  private static String whole(RawClient.Reply reply) {
    return reply.header("Content-Type").orElse("") + "\n" + reply.body();
  }

  @Test
  void piecesAreHandedOnAsTheyAreSaid() throws IOException {
    try (LoopbackServer server = server(Provider.CUSTOM, "/v1/chat/completions")) {
      assertThat(said(server, HELLO))
          .contains("text/event-stream")
          .contains(
              """
              data: {"choices":[{"delta":{"content":"Hel"},"index":0}]}

              data: {"choices":[{"delta":{"content":"lo\\n\\"you\\""},"index":0}]}

              data: [DONE]

              """)
          .doesNotContain("too late");
    }
    assertThat(asked)
        .containsExactly(
            "Bearer the-key null null {\"model\":\"small\",\"stream\":true,\"messages\":["
                + "{\"role\":\"system\",\"content\":\"Be brief.\"},"
                + "{\"role\":\"user\",\"content\":\"Hello\"}]}");
  }

  @Test
  void anotherProviderIsAskedInItsOwnWords() throws IOException {
    try (LoopbackServer server = server(Provider.ANTHROPIC, "/v1/messages")) {
      assertThat(
              said(server, HELLO.replace("{\"messages\"", "{\"model\": \"large\", \"messages\"")))
          .contains(
              """
              data: {"choices":[{"delta":{"content":"Hi"},"index":0}]}

              data: [DONE]

              """);
    }
    assertThat(asked)
        .containsExactly(
            "null the-key 2023-06-01 {\"model\":\"large\",\"stream\":true,\"system\":\"Be brief.\","
                + "\"max_tokens\":4096,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}");
  }

  @ParameterizedTest
  @CsvSource({
    "/refuses, it answered with status 401",
    "/breaks, it broke off",
    "/babbles, what it said is no JSON"
  })
  void whatGoesWrongIsAnEventThatTellsNothingOfUs(String path, String why) throws IOException {
    try (LoopbackServer server = server(Provider.OPENAI, path)) {
      assertThat(said(server, HELLO))
          .contains(
              "data: {\"error\":{\"message\":\"The model cannot be heard: %s\",\"type\":\"stream_error\"}}\n\n"
                  .formatted(why))
          .doesNotContain("the-key", "[DONE]");
    }
  }

  @Test
  void whoLeavesIsTalkedToNoLonger() throws IOException {
    try (LoopbackServer server = server(Provider.CUSTOM, "/endless")) {
      try (RawClient client = server.connect()) {
        byte[] body = HELLO.getBytes(StandardCharsets.UTF_8);
        client.send(
            "POST /api/ai/stream HTTP/1.1\nHost: localhost\n%sContent-Length: %d\n\n"
                .formatted(ADMIN, body.length));
        client.send(body);
        client.readUntil("on and ");
      }

      Eventually.within(Eventually.SOON, () -> left.getCount() == 0, () -> "still talking");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {                 | INVALID_JSON
          []                | MISSING_FIELD
          {}                | MISSING_FIELD
          {"messages": "x"} | MISSING_FIELD
          """)
  void whatIsNoConversationIsRefused(String body, String code) throws IOException {
    try (LoopbackServer server = server(Provider.OPENAI, "/v1/chat/completions")) {
      assertThat(said(server, body)).contains("\"code\":\"" + code + "\"");
    }
    assertThat(asked).isEmpty();
  }

  @Test
  void strangersAreRefusedBeforeAllElseAndThenWhoeverAsksAModelThatNobodyHasNamed()
      throws IOException {
    try (LoopbackServer server = server(Optional.empty())) {
      assertThat(whole(server.request("POST", "/api/ai/stream", "", "{")))
          .contains("\"code\":\"AUTH_REQUIRED\"");
      assertThat(said(server, "{")).contains("\"code\":\"AI_NOT_CONFIGURED\"");
    }
  }
}
