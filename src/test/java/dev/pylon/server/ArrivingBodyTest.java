package dev.pylon.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.server.RawClient.Reply;
import dev.pylon.server.http.Request;
import dev.pylon.server.http.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies that are read while they come: the pace, the bounds, and those that break off. */
class ArrivingBodyTest {
  private static final int MEGABYTE = 1024 * 1024;
  private static final Duration TIMEOUT = Duration.ofMillis(1_500);

  private final CountDownLatch readOn = new CountDownLatch(1);
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private HttpServer server;
  private RawClient client;

  @BeforeEach
  void start() throws IOException {
    var router = new Router();
    router.onStream("POST", "/count", (request, _) -> Response.json(200, count(request)));
    router.onStream("POST", "/ignore", (_, _) -> Response.json(418, "no thanks"));
    router.onStream(
        "POST",
        "/later",
        (request, _) -> {
          try {
            request.content().read();
            assertThat(readOn.await(30, TimeUnit.SECONDS)).isTrue();
            return Response.json(200, 1 + count(request));
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    ServerLimits limits =
        new ServerLimits(
            1_000,
            20 * MEGABYTE,
            4_096,
            20,
            Duration.ofSeconds(5),
            TIMEOUT,
            Duration.ofSeconds(5),
            100,
            100);
    server = LoopbackServer.listen(limits, List.of("*"), router);
    client = new RawClient(server.port());
  }

  @AfterEach
  void close() throws IOException {
    readOn.countDown();
    client.close();
    server.close();
  }

  private long count(Request request) {
    try {
      long count = 0;
      byte[] piece = new byte[10_000];
      for (int read = 0; read >= 0; read = request.content().read(piece)) {
        count += read;
      }
      return count;
    } catch (IOException e) {
      heard.add(String.valueOf(e.getMessage()));
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aBodyComesWholeAndTheConnectionGoesOn() throws IOException {
    for (int size : new int[] {0, 1, 100, 300_000, 5 * MEGABYTE}) {
      assertThat(client.request("POST", "/count", "", new byte[size]).body()).isEqualTo("" + size);
    }
    client.send(
        "POST /count HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n3\nabc\n4\ndefg\n0\n\n");
    assertThat(client.reply().body()).isEqualTo("7");
  }

  /** What the sockets and we hold is far from what is sent. */
  @Test
  void whoIsNotReadIsSlowedDown() throws Exception {
    int size = 19 * MEGABYTE;
    var sent = new AtomicInteger();
    client.send("POST /later HTTP/1.1\nHost: x\nContent-Length: %d\n\n".formatted(size));
    Thread sender =
        Thread.ofVirtual()
            .start(() -> {
              try {
                while (sent.get() < size) {
                  client.send(new byte[64 * 1024]);
                  sent.addAndGet(64 * 1024);
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });

    assertThat(sender.join(TIMEOUT.plusMillis(200))).isFalse();
    assertThat(sent.get()).isBetween(1, size - MEGABYTE);
    readOn.countDown();
    assertThat(client.reply().body()).isEqualTo("" + size);
  }

  @Test
  void whoStopsSendingIsCutOff() throws Exception {
    client.send("POST /count HTTP/1.1\nHost: x\nContent-Length: 100\n\nabc");

    assertThat(client.isClosed()).isTrue();
    assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("the body did not come to its end");
  }

  @Test
  void whoGoesAwayIsNoticed() throws Exception {
    client.send("POST /count HTTP/1.1\nHost: x\nContent-Length: 100\n\nabc");
    client.close();

    assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("the body did not come to its end");
  }

  @Test
  void whatIsTooLargeIsRefusedAndTheRefusalIsRead() throws IOException {
    Reply told = client.request("POST", "/count", "Expect: 100-continue\n", new byte[0]);
    assertThat(told.status()).isEqualTo(200);
    client.send("POST /count HTTP/1.1\nHost: x\nContent-Length: %d\n\n".formatted(21 * MEGABYTE));
    assertThat(client.reply().status()).isEqualTo(413);

    try (var chunked = new RawClient(server.port())) {
      chunked.send("POST /count HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n");
      for (int i = 0; i < 22; i++) {
        chunked.send("%x\n".formatted(MEGABYTE));
        chunked.send(new byte[MEGABYTE]);
        chunked.send("\n");
      }
      chunked.send("0\n\n");
      Reply reply = chunked.reply();

      assertThat(reply.status()).isEqualTo(413);
      assertThat(reply.body()).contains("maximum size of 20971520 bytes");
    }
  }

  @Test
  void anAnswerThatComesEarlyIsReadByWhoIsStillSending() throws IOException {
    assertThat(client.request("POST", "/ignore", "", new byte[10 * MEGABYTE]).status())
        .isEqualTo(418);
  }

  @Test
  void whoAsksIsToldToGoOn() throws IOException {
    client.send("POST /count HTTP/1.1\nHost: x\nExpect: 100-continue\nContent-Length: 3\n\n");
    assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100");
    client.send("abc");

    assertThat(client.reply().body()).isEqualTo("3");
  }
}
