package dev.pylon.acceptance;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import dev.pylon.acceptance.Server.Reply;
import dev.pylon.acceptance.Server.Runtime;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose Postgres stops and comes back while it runs. */
@NeedsBun
@NeedsPostgres
class LostDatabaseTest {
  @TempDir private Path folder;
  private PostgresServer postgres;
  private Server server;

  @BeforeEach
  void start() {
    postgres = PostgresServer.own();
    server =
        Server.start(
            folder,
            "acceptance/runner",
            Runtime.BUILT_IN,
            Map.of("DATABASE_URL", postgres.newDatabase()));
  }

  @AfterEach
  void close() {
    server.close();
    postgres.close();
  }

  @Test
  void callsSayThatItIsGoneAndGoOnWhenItIsBack() {
    server.value("increment", Map.of("name", "a"));
    postgres.stop();

    List<Reply> lost =
        List.of(
            server.call("increment", Map.of("name", "a")),
            server.call("counter", Map.of("name", "a")),
            server.send("GET", "/api/entities/Counter", new byte[0]));

    assertThat(lost).extracting(Reply::status).containsOnly(503);
    assertThat(lost).allSatisfy(reply -> assertThat(reply.body()).doesNotContain("Connection"));

    postgres.start();
    assertThat(server.call("counter", Map.of("name", "a")).status()).isEqualTo(200);
    assertThat(server.call("increment", Map.of("name", "a")).status()).isEqualTo(200);
    assertThat(server.number("counter", Map.of("name", "a"))).isGreaterThanOrEqualTo(2);
  }

  @Test
  void whatBecameDueMeanwhileRunsWhenItIsBack() {
    long asked = server.number("laterFromAction", Map.of("ms", 2_000, "text", "due"));
    postgres.stop();
    Eventually.within(
        SOON, () -> System.currentTimeMillis() > asked + 2_200, () -> "no time passes");

    postgres.start();

    Eventually.within(
        SOON,
        () -> server.call("counter", Map.of("name", "due")).body().matches("\\d+"),
        server::log);
    assertThat(server.traces("stamp")).hasSize(1);
  }
}
