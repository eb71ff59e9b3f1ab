package dev.pylon.server;

import static dev.pylon.Eventually.SOON;
import static dev.pylon.functions.TestEngine.action;
import static dev.pylon.functions.TestEngine.mutation;
import static dev.pylon.functions.TestEngine.query;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.server.RawClient.Reply;
import dev.pylon.trace.TraceQuery;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes over a connection while a function writes to its stream (functions contract, 10). */
@NeedsBun
class StreamedCallsTest {
  private static final String EVENTS = "Accept: text/event-stream\n";

  @TempDir private static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    var sources = new LinkedHashMap<String, String>();
    sources.put("echo", query("return args;"));
    sources.put("crash", mutation("throw new Error(\"the secret\");"));
    sources.put(
        "streams",
        action(
            """
            ctx.stream.write("one");
            ctx.stream.write("two\\nlines");
            ctx.stream.write("forged\\n\\nevent: result\\ndata: 1");
            ctx.stream.write("carriage\\r\\nreturn");
            ctx.stream.writeEvent("progress", "50");
            ctx.stream.writeEvent("result", "mine");
            ctx.stream.writeEvent("error", "mine");
            ctx.stream.writeEvent("bad\\nname", "x");
            ctx.stream.write("");
            if (args.fail) throw ctx.error("STOPPED", "no more");
            return { done: true };\
            """));
    sources.put(
        "deluge",
        action(
            "for (;;) { ctx.stream.write(\"x\".repeat(65536)); await new Promise(setImmediate); }"));
    sources.put(
        "flood",
        action(
            """
            const chunk = "x".repeat(64 * 1024);
            for (let i = 0; i < 1000; i++) { ctx.stream.write(chunk); if (i % 50 === 0) await null; }
            return "flooded";\
            """));
    sources.put(
        "drip",
        action(
            """
            ctx.stream.write("first");
            await new Promise((go) => setTimeout(go, 400));
            ctx.stream.write("second");
            return null;\
            """));
    sources.put(
        "held",
        action(
            """
            ctx.stream.write("first");
            while (!(globalThis as any).letGo) await new Promise((go) => setTimeout(go, 2));
            ctx.stream.write("second");
            return null;\
            """));
    sources.put("letGo", query("(globalThis as any).letGo = true; return null;"));
    server = TestServer.start(folder, sources);
  }

  @AfterAll
  static void close() {
    if (server != null) {
      server.close();
    }
  }

  private Reply stream(String function, String body) throws IOException {
    return server.request("POST", "/api/fn/" + function, EVENTS, body);
  }

  @Test
  void aStreamIsEventsThatNoChunkCanForge() throws IOException {
    Reply reply = stream("streams", "{}");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("Content-Type")).contains("text/event-stream");
    assertThat(reply.header("Cache-Control")).contains("no-cache");
    assertThat(reply.body())
        .isEqualTo(
            """
            data: one

            data: two
            data: lines

            data: forged
            data:\s
            data: event: result
            data: data: 1

            data: carriage
            data: return

            event: progress
            data: 50

            data: mine

            data: mine

            data: x

            data:\s

            event: result
            data: {"done":true}

            """);
  }

  @Test
  void aStreamThatFailsEndsInAnErrorEvent() throws IOException {
    assertThat(stream("streams", "{\"fail\":true}").body())
        .endsWith("event: error\ndata: {\"code\":\"STOPPED\",\"message\":\"no more\"}\n\n")
        .doesNotContain("\nevent: result\n");
  }

  @Test
  void aStreamedMistakeIsAsDiscreetAsAPlainOne() throws IOException {
    assertThat(stream("crash", "{}").body())
        .isEqualTo(
            "event: error\ndata: {\"code\":\"HANDLER_ERROR\",\"message\":\"Internal handler error\"}\n\n");
  }

  @Test
  void aFunctionThatStreamsNothingStillEndsInItsResult() throws IOException {
    assertThat(stream("echo", "{\"a\":1}").body()).isEqualTo("event: result\ndata: {\"a\":1}\n\n");
  }

  @Test
  void chunksAreDroppedWhereNobodyAskedForAStream() throws IOException {
    assertThat(server.post("/api/fn/streams", "{}").body()).isEqualTo("{\"done\":true}");
  }

  @Test
  void aChunkIsSentWhenItIsWritten() throws IOException {
    try (var client = server.connect()) {
      client.send(
          "POST /api/fn/held HTTP/1.1\nHost: localhost\n%sContent-Length: 2\n\n{}"
              .formatted(EVENTS));

      String first = client.readUntil("data: first");
      server.post("/api/fn/letGo", "{}");
      String second = client.readUntil("data: second");

      assertThat(first).doesNotContain("second");
      assertThat(second).contains("second");
    }
  }

  @Test
  void aConnectionGoesOnAfterAStream() throws IOException {
    try (var client = server.connect()) {
      for (int i = 0; i < 5; i++) {
        assertThat(client.request("POST", "/api/fn/streams", EVENTS, "{}").body())
            .contains("event: result");
        assertThat(client.request("POST", "/api/fn/echo", "", "[1]").body()).isEqualTo("[1]");
      }
    }
  }

  @Test
  void fiftyStreamsRunSideBySide() throws Exception {
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      var streams = new ArrayList<Future<String>>();
      for (int i = 0; i < 50; i++) {
        streams.add(tasks.submit(() -> stream("drip", "{}").body()));
      }
      for (Future<String> stream : streams) {
        assertThat(stream.get())
            .isEqualTo("data: first\n\ndata: second\n\nevent: result\ndata: null\n\n");
      }
    }
  }

  /** 64 MB for somebody who reads nothing: given up at the bound, and nobody waits for them. */
  @Test
  void aClientThatDoesNotReadIsGivenUpAndHarmsNobody() throws IOException {
    try (var client = server.connect()) {
      client.send(
          "POST /api/fn/deluge HTTP/1.1\nHost: localhost\n%sContent-Length: 2\n\n{}"
              .formatted(EVENTS));

      Eventually.within(
          SOON,
          () ->
              server.engine().traces().recent(TraceQuery.ALL, 1_000).stream()
                  .anyMatch(trace -> trace.fnName().equals("deluge")),
          () -> "the handler waits for its reader");

      assertThat(server.post("/api/fn/echo", "{}").status()).isEqualTo(200);
    }
  }

  @Test
  void aReaderOfAFloodGetsAllOfIt() throws IOException {
    Reply reply = stream("flood", "{}");

    assertThat(reply.bytes().length).isGreaterThan(64 * 1024 * 1000);
    assertThat(reply.body()).endsWith("event: result\ndata: \"flooded\"\n\n");
  }
}
