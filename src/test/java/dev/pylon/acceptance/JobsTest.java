package dev.pylon.acceptance;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.acceptance.Server.Reply;
import dev.pylon.acceptance.Server.Runtime;
import dev.pylon.json.Json;
import dev.pylon.trace.Trace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What handlers schedule, on a whole server (functions contract, 5.5 and 6). */
@NeedsBun
class JobsTest {
  @TempDir private static Path folder;
  private static Server server;

  @BeforeAll
  static void start() {
    server = Server.start(folder, "acceptance/jobs", Runtime.BUILT_IN, Map.of());
  }

  @AfterAll
  static void close() {
    if (server != null) {
      server.close();
    }
  }

  private static Map<String, @Nullable Object> job(Object id) {
    Reply reply =
        server.send(
            "GET", "/api/jobs/" + id, new byte[0], "Authorization", "Bearer " + Server.ADMIN);
    assertThat(reply.status()).as("%s", reply).isEqualTo(200);
    return Json.asObject((Map<?, ?>) reply.json());
  }

  private static void awaitStatus(Object id, String status) {
    Eventually.within(SOON, () -> status.equals(job(id).get("status")), () -> job(id));
  }

  private static List<?> notes(String text) {
    return (List<?>) server.value("notes", Map.of("text", text));
  }

  @Test
  void aChainThatSchedulesItselfMakesEveryHopOnce() {
    server.value("hop", Map.of("left", 100));

    Eventually.within(SOON, () -> notes("hop").size() >= 101, () -> notes("hop").size());
    assertThat(notes("hop").stream().map(stars -> (Long) stars))
        .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(0, 100).boxed().toList());
  }

  @Test
  void aPastMomentIsNow() {
    Object id =
        server.value("later", Map.of("at", 1_000, "fn", "note", "with", Map.of("text", "past")));

    awaitStatus(id, "completed");
    assertThat(job(id)).containsEntry("delay_secs", 0L);
    assertThat(notes("past")).hasSize(1);
  }

  @Test
  void aJobOfAnActionRunsItsMutationOnce() {
    Object id =
        server.value(
            "later", Map.of("delay", 0, "fn", "viaAction", "with", Map.of("text", "inner")));

    awaitStatus(id, "completed");
    assertThat(notes("inner")).hasSize(1);
  }

  @Test
  void aTimeoutCostsAnAttemptAndLeavesNothing() {
    Object id = server.value("later", Map.of("delay", 0, "fn", "never"));

    Eventually.within(
        SOON, () -> Long.valueOf(1).equals(job(id).get("retry_count")), () -> job(id));
    assertThat(String.valueOf(job(id).get("error"))).startsWith("FN_TIMEOUT");
    assertThat(notes("never")).isEmpty();
    server.value("withdraw", Map.of("id", id));
    assertThat(job(id)).containsEntry("status", "cancelled");
  }

  @Test
  void aJobThatTakesItsRuntimeDownDiesOfItInTheEnd() {
    Reply added =
        server.post(
            "/api/jobs",
            "{\"name\":\"killer\",\"max_retries\":1}",
            "Authorization",
            "Bearer " + Server.ADMIN);
    assertThat(added.status()).as("%s", added).isEqualTo(201);
    Object id = Json.asObject((Map<?, ?>) added.json()).get("id");

    awaitStatus(id, "dead");

    assertThat(String.valueOf(job(id).get("error"))).startsWith("RUNNER_EXITED");
    assertThat(server.traces("killer")).extracting(Trace::attempt).containsExactly(2, 1);
    assertThat(notes("nobody")).isEmpty();
  }

  @Test
  void aJobOfAFunctionThatIsWrittenLaterRunsWhenItIs() {
    Object id = server.value("later", Map.of("delay", 0, "fn", "fresh"));
    Eventually.within(SOON, () -> job(id).get("error") != null, () -> job(id));
    assertThat(job(id)).containsEntry("status", "pending").containsEntry("retry_count", 0L);

    server.write(
        "fresh",
        """
        import { mutation } from "@pylonsync/functions";
        export default mutation({
          handler: (ctx: any) => ctx.db.insert("Note", { text: "fresh" }),
        });
        """);
    server.reload();

    awaitStatus(id, "completed");
    assertThat(notes("fresh")).hasSize(1);
  }

  /** When a handler withdraws a job, and what it is afterwards. */
  enum Moment {
    WAITING("cancelled", 3_600_000),
    DONE("completed", 0);

    private final String after;
    private final int delay;

    Moment(String after, int delay) {
      this.after = after;
      this.delay = delay;
    }
  }

  @ParameterizedTest
  @EnumSource
  void cancellingWithdrawsWhatHasNotBegun(Moment moment) {
    Object id =
        server.value(
            "later",
            Map.of("delay", moment.delay, "fn", "note", "with", Map.of("text", moment.name())));
    if (moment == Moment.DONE) {
      awaitStatus(id, "completed");
    }

    server.value("withdraw", Map.of("id", id));
    server.value("withdraw", Map.of("id", id));

    assertThat(job(id)).containsEntry("status", moment.after);
    assertThat(notes(moment.name())).hasSize(moment == Moment.DONE ? 1 : 0);
  }
}
