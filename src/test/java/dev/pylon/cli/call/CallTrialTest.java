package dev.pylon.cli.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.cli.Cli;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.remote.CannedServer;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pylon call --dry-run}: what is asked of the server, and how its answer is shown. */
class CallTrialTest {
  private static final String TRIED =
      """
      {"dry_run":true,"value":{"id":"n1"},"rows":[
       {"change":"insert","entity":"Note","id":"n1","before":null,\
      "after":{"id":"n1","text":"new","stars":null}},
       {"change":"update","entity":"Counter","id":"c1","before":{"id":"c1","name":"a","value":1},\
      "after":{"id":"c1","name":"a","value":11}},
       {"change":"delete","entity":"Counter","id":"c2","before":{"id":"c2","name":"b","value":2},\
      "after":null}],"rows_dropped":7,
       "jobs":[{"function":"tidy","args":{"a":1},"due_at":"2020-01-01T00:00:00Z"}],
       "cancelled_jobs":["job_9"]}\
      """;

  @TempDir private Path folder;
  private CannedServer server;

  @BeforeEach
  void start() throws IOException {
    server = new CannedServer().announcedIn(folder).answers("POST /api/fn/add", 200, TRIED);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void theDifferenceIsTheAnswer() {
    Cli.Result result = Cli.in(folder).run("call", "add", "--dry-run");

    assertThat(result.status()).isEqualTo(ExitStatus.OK);
    assertThat(result.out())
        .isEqualTo(
            """
            returns {
              "id": "n1"
            }
            + inserts  Note  n1
            +   text         "new"
            ~ changes  Counter  c1
            ~   value        1 → 11
            - deletes  Counter  c2
            -   name         "b"
            -   value        2
            and 7 more rows
            @ schedules  tidy {"a":1}  in 0 s
            cancels  job_9
            """);
    assertThat(result.err()).isEqualTo("a dry run: nothing of this was kept\n");
  }

  @Test
  void theAdminAsksOnBehalfOfNobody() {
    Cli.in(folder).run("call", "add", "--dry-run");

    assertThat(server.asked().getLast().headers())
        .containsEntry("x-pylon-dry-run", "1")
        .containsEntry("authorization", "Bearer secret")
        .containsEntry("x-pylon-as", "");
  }

  @Test
  void orOfTheUserWhoIsNamed() {
    Cli.in(folder).run("call", "add", "--dry-run", "--as", "u_1");

    assertThat(server.asked().getLast().headers()).containsEntry("x-pylon-as", "u_1");
  }

  @Test
  void programsGetOneDocument() {
    Cli.Result result = Cli.in(folder).run("call", "add", "--dry-run", "--json");

    assertThat(result.out())
        .startsWith("{\"ok\":true,\"dry_run\":true,\"value\":{\"id\":\"n1\"},\"rows\":[")
        .endsWith("}\n");
    assertThat(result.out().lines()).hasSize(1);
  }

  /** A server that never heard of dry runs has done it: that must not look like a trial. */
  @Test
  void aServerThatRanItInEarnestIsTold() {
    server.answers("POST /api/fn/add", 200, "{\"id\":\"n1\"}");

    Cli.Result result = Cli.in(folder).run("call", "add", "--dry-run");

    assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(result.err()).contains("does not know dry runs");
  }
}
