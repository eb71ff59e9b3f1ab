package dev.pylon.server;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.server.RawClient.Reply;
import dev.pylon.server.http.Response;
import dev.pylon.server.routes.Readiness;
import dev.pylon.server.routes.ReadinessRoutes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private final CountDownLatch go = new CountDownLatch(1);

  private HttpServer start(Readiness readiness) throws IOException {
    var router =
        new Router()
            .onProbe("/health", _ -> Response.json(200, "well"))
            .on(
                "GET",
                "/slow",
                (_, _) -> {
                  try {
                    assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
                  } catch (InterruptedException e) {
                    return Response.json(200, "interrupted");
                  }
                  return Response.json(200, "done");
                });
    new ReadinessRoutes(() -> true, readiness).addTo(router);
    return LoopbackServer.listen(ServerLimits.ORDINARY, List.of("*"), router);
  }

  private static Reply get(HttpServer server, String path) throws IOException {
    try (var client = new RawClient(server.port())) {
      return client.request("GET", path, "", "");
    }
  }

  @Test
  void whatIsMissingIsNamedAndAskedOnceASecond() throws Exception {
    var asked = new AtomicInteger();
    var readiness =
        new Readiness(
            List.of(
                new Readiness.Check("database", () -> asked.incrementAndGet() > 0),
                new Readiness.Check(
                    "functions",
                    () -> {
                      throw new IllegalStateException("password=hush");
                    })));
    try (HttpServer server = start(readiness)) {
      for (int i = 0; i < 20; i++) {
        Reply reply = get(server, "/readyz");
        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.body())
            .isEqualTo(
                "{\"status\":\"unready\",\"checks\":{\"serving\":true,\"database\":true,"
                    + "\"functions\":false}}");
      }
      assertThat(asked.get()).isLessThan(20);
    }
  }

  @Test
  void whoAsksDoesNotWaitForWhatDoesNotAnswer() throws Exception {
    var never = new CountDownLatch(1);
    var check =
        new Readiness.Check(
            "database",
            () -> {
              try {
                return never.await(1, TimeUnit.MINUTES);
              } catch (InterruptedException e) {
                return false;
              }
            });
    try (var readiness = new Readiness(List.of(check));
        HttpServer server = start(readiness)) {
      assertThat(get(server, "/readyz").body()).contains("\"database\":false");
    }
  }

  @Test
  void whoLeavesSaysSoFirstAndFinishesWhatItHas() throws Exception {
    var readiness = new Readiness(List.of());
    try (HttpServer server = start(readiness);
        var working = new RawClient(server.port())) {
      working.send("GET /slow HTTP/1.1\nHost: localhost\n\n");
      Eventually.within(SOON, () -> server.inFlight() == 1, server::inFlight);

      readiness.leave();
      assertThat(get(server, "/readyz").body()).contains("\"status\":\"draining\"");
      server.drain();

      assertThat(get(server, "/readyz").status()).isEqualTo(503);
      assertThat(get(server, "/health").status()).isEqualTo(200);
      Reply refused = get(server, "/slow");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("Connection")).hasValue("close");
      assertThat(refused.body()).contains("SHUTTING_DOWN");
      go.countDown();
      assertThat(working.reply().body()).isEqualTo("\"done\"");
    }
  }

  /** How many answers there are depends on the machine; each of them has its code. */
  @Test
  void whoeverIsAnsweredWhileTheServerClosesHearsWhy() throws Exception {
    var readiness = new Readiness(List.of());
    try (HttpServer server = start(readiness);
        var working = new RawClient(server.port())) {
      working.send("GET /slow HTTP/1.1\nHost: localhost\n\n");
      Eventually.within(SOON, () -> server.inFlight() == 1, server::inFlight);
      readiness.leave();

      Thread closing = Thread.ofVirtual().start(server::close);

      var answers = new ArrayList<String>();
      while (closing.isAlive()) {
        try {
          answers.add(get(server, "/readyz").body());
        } catch (IOException e) {
          // It has closed its doors.
        }
      }
      assertThat(answers).allMatch(answer -> answer.matches(".*(draining|SHUTTING_DOWN).*"));
    }
  }
}
