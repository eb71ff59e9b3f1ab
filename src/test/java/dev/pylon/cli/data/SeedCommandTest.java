package dev.pylon.cli.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.cli.Cli;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.remote.CannedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeedCommandTest {
  @TempDir private Path folder;
  private CannedServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        new CannedServer()
            .announcedIn(folder)
            .answers("POST /api/entities/Todo", 201, "{\"id\":1}");
    Files.writeString(
        folder.resolve("seed.json"), "{\"Todo\":[{\"title\":\"a\"},{\"title\":\"b\"}]}");
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void everyRowIsInsertedByAnAdmin() {
    Cli.Result result = Cli.in(folder).run("seed", "--json");

    assertThat(result.status()).isEqualTo(ExitStatus.OK);
    assertThat(result.out())
        .isEqualTo("{\"code\":\"SEED_OK\",\"seeded\":{\"Todo\":2},\"total\":2}\n");
    assertThat(server.asked().getLast().body()).isEqualTo("{\"title\":\"b\"}");
    assertThat(server.asked().getLast().headers()).containsEntry("authorization", "Bearer secret");
  }

  @Test
  void rowsThatAreRefusedAreNamedAndTheRestGoesOn() throws IOException {
    Files.writeString(
        folder.resolve("seed.json"), "{\"Nope\":[{\"a\":1}],\"Todo\":[{\"title\":\"a\"}]}");
    server.answers(
        "POST /api/entities/Nope",
        404,
        "{\"error\":{\"code\":\"ENTITY_NOT_FOUND\",\"message\":\"no Nope\"}}");

    Cli.Result result = Cli.in(folder).run("seed", "--json");

    assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(result.out().lines()).hasSize(1);
    assertThat(result.out())
        .startsWith("{\"code\":\"SEED_PARTIAL\",\"seeded\":{\"Nope\":0,\"Todo\":1},\"total\":1,")
        .contains("{\"entity\":\"Nope\",\"index\":0,\"code\":\"ENTITY_NOT_FOUND\"");
  }

  @Test
  void aFileThatIsNoSeedIsRefusedBeforeAnythingIsSent() throws IOException {
    Files.writeString(folder.resolve("seed.json"), "{\"Todo\":{}}");

    Cli.Result result = Cli.in(folder).run("seed");

    assertThat(result.status()).isEqualTo(ExitStatus.DATA);
    assertThat(server.questions()).isEmpty();
  }

  @Test
  void aFileThatIsNotThereIsMissing() {
    assertThat(Cli.in(folder).run("seed", "--file", "none.json").status())
        .isEqualTo(ExitStatus.NO_INPUT);
  }
}
