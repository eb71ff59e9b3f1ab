package dev.pylon.server;

import static dev.pylon.Eventually.SOON;
import static dev.pylon.functions.TestEngine.mutation;
import static dev.pylon.server.TestServer.ADMIN;
import static dev.pylon.server.TestServer.LOCAL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.json.Json;
import dev.pylon.server.RawClient.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs over HTTP (services contract, 1.6 and 1.7). */
@NeedsBun
class JobSurfaceTest {
  /** Of a job that stays where it is. */
  private static final String LATER = "\"delay_secs\": 3600";

  @TempDir private static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server =
        TestServer.start(
            folder,
            Map.of(
                "add", mutation("return ctx.db.insert(\"Note\", { text: args.text });"),
                "fails", mutation("throw ctx.error(\"NO_LUCK\", \"not today\");")));
  }

  @AfterAll
  static void close() {
    if (server != null) {
      server.close();
    }
  }

  private static Reply admin(String method, String path, String body) {
    return server.request(method, path, ADMIN, body);
  }

  private static Map<String, @Nullable Object> object(Reply reply) {
    return Json.parseObject(reply.bytes());
  }

  private static String enqueue(String body) {
    Reply reply = admin("POST", "/api/jobs", body);
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    return String.valueOf(object(reply).get("id"));
  }

  private static Map<String, @Nullable Object> job(String id) {
    return object(admin("GET", "/api/jobs/" + id, ""));
  }

  private static void awaitStatus(String id, String status) {
    Eventually.within(SOON, () -> status.equals(job(id).get("status")), () -> job(id));
  }

  private static List<Object> ids(String query) {
    Object list = Json.parse(admin("GET", "/api/jobs" + query, "").bytes());
    return ((List<?>) Objects.requireNonNull(list))
        .stream()
            .<Object>map(job -> String.valueOf(((Map<?, ?>) Objects.requireNonNull(job)).get("id")))
            .toList();
  }

  // ---- who may ----

  @ParameterizedTest
  @CsvSource({
    "POST, /api/jobs",
    "GET, /api/jobs",
    "GET, /api/jobs/stats",
    "GET, /api/jobs/dead",
    "GET, /api/jobs/job_1",
    "DELETE, /api/jobs/job_1",
    "POST, /api/jobs/dead/job_1/retry"
  })
  void onlyAdminsMay(String method, String path) throws IOException {
    String refusal = "this endpoint requires admin auth (PYLON_ADMIN_TOKEN)";

    for (String caller :
        List.of("", "Authorization: Bearer wrong\n", LOCAL + "X-Forwarded-For: 203.0.113.9\n")) {
      Reply reply = server.request(method, path, caller, "not json");
      assertThat(reply.status()).as(caller).isEqualTo(403);
      assertThat(reply.body()).contains("\"FORBIDDEN\"", refusal).doesNotContain("\"id\"");
    }
    assertThat(withHost("pylon.example", method, path).status()).isEqualTo(403);
    for (String caller : List.of(ADMIN, LOCAL)) {
      assertThat(server.request(method, path, caller, "not json").status())
          .as(caller)
          .isNotIn(401, 403);
    }
    assertThat(withHost("localhost", method, path).status()).isNotIn(401, 403);
  }

  /** The local token, as a page behind a rebound name would send it. */
  private static Reply withHost(String host, String method, String path) throws IOException {
    try (var client = server.connect()) {
      client.send(
          "%s %s HTTP/1.1\nHost: %s\n%sContent-Length: 0\n\n".formatted(method, path, host, LOCAL));
      return client.reply();
    }
  }

  // ---- enqueue ----

  @Test
  void aJobRunsItsFunction() {
    String id = enqueue("{\"name\": \"add\", \"payload\": {\"text\": \"by a job\"}}");

    awaitStatus(id, "completed");
    assertThat(server.engine().store().query("Note", Map.of("text", "by a job"))).hasSize(1);
  }

  @Test
  void aJobHasTheMembersOfTheContractInTheirOrder() {
    long now = System.currentTimeMillis();
    String id =
        enqueue(
            """
            {"name": "sendMail", "payload": {"to": "a"}, "priority": "HIGH", "delay_ms": 3600500,
             "max_retries": 5, "queue": "mail"}\
            """);

    Map<String, @Nullable Object> job = job(id);

    assertThat(job.keySet())
        .containsExactly(
            "id",
            "name",
            "payload",
            "priority",
            "status",
            "max_retries",
            "retry_count",
            "created_at",
            "started_at",
            "completed_at",
            "error",
            "delay_secs",
            "queue",
            "next_run_at");
    assertThat(job)
        .containsEntry("name", "sendMail")
        .containsEntry("payload", Map.of("to", "a"))
        .containsEntry("priority", "high")
        .containsEntry("status", "pending")
        .containsEntry("max_retries", 5L)
        .containsEntry("retry_count", 0L)
        .containsEntry("delay_secs", 3_601L)
        .containsEntry("queue", "mail")
        .containsEntry("started_at", null);
    assertThat(String.valueOf(job.get("created_at"))).matches("\\d{10}Z");
    assertThat((Long) job.get("next_run_at")).isBetween(now + 3_600_500, now + 3_620_500);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "not json        | 400 | INVALID_JSON",
        "''              | 400 | INVALID_JSON",
        "{}              | 400 | MISSING_NAME",
        "[1]             | 400 | MISSING_NAME",
        "{\"name\": 5}   | 400 | MISSING_NAME",
        "{\"name\": \" \"} | 400 | MISSING_NAME"
      })
  void aBodyWithoutAJobIsRefused(String body, int status, String code) {
    Reply reply = admin("POST", "/api/jobs", body);

    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.body()).contains("\"code\":\"" + code + "\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"priority\": \"soon\"  | priority    | normal",
        "\"priority\": 7         | priority    | normal",
        "\"max_retries\": -1     | max_retries | 3",
        "\"max_retries\": \"x\"  | max_retries | 3",
        "\"max_retries\": 1e9    | max_retries | 3",
        "\"queue\": null         | queue       | default",
        "\"delay_secs\": 7300000000000 | delay_secs | 3153600000"
      })
  void whatIsNoSettingIsTheDefault(String setting, String member, String value) {
    String rest = setting.contains("delay_secs") ? "" : ", " + LATER;

    Map<String, @Nullable Object> job = job(enqueue("{\"name\": \"x\", " + setting + rest + "}"));

    assertThat(String.valueOf(job.get(member))).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({"1.5", "-3", "'\"9\"'"})
  void aDelayThatIsNoneMeansNow(String delay) {
    assertThat(job(enqueue("{\"name\": \"none\", \"delay_secs\": %s}".formatted(delay))))
        .containsEntry("delay_secs", 0L);
  }

  // ---- look ----

  @Test
  void theListIsInTheOrderOfTurnsAndFiltered() {
    String low =
        enqueue("{\"name\": \"x\", \"queue\": \"list\", \"priority\": \"low\", " + LATER + "}");
    String normal = enqueue("{\"name\": \"x\", \"queue\": \"list\", " + LATER + "}");
    String critical =
        enqueue(
            "{\"name\": \"x\", \"queue\": \"list\", \"priority\": \"critical\", " + LATER + "}");

    assertThat(ids("?queue=list")).containsExactly(critical, normal, low);
    assertThat(ids("?queue=list&limit=2")).containsExactly(critical, normal);
    assertThat(ids("?queue=list&limit=0")).containsExactly(critical);
    assertThat(ids("?queue=list&limit=abc")).hasSize(3);
    assertThat(ids("?queue=list&status=pending&limit=9999")).hasSize(3);
    assertThat(ids("?queue=list&status=completed")).isEmpty();
    assertThat(ids("?queue=list&status=nonsense")).isEmpty();
    assertThat(ids("?queue=none")).isEmpty();
  }

  @Test
  void theStatsCountAndNameTheFunctions() {
    Reply reply = admin("GET", "/api/jobs/stats", "");

    assertThat(object(reply).keySet())
        .containsExactly("pending", "running", "completed", "failed", "dead", "handlers");
    assertThat(object(reply).get("handlers"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .containsExactlyInAnyOrder("add", "fails");
  }

  @Test
  void whatIsNotThereIsNotFound() {
    for (String id : List.of("job_999999", "job_x", "nonsense", "job_")) {
      assertThat(admin("GET", "/api/jobs/" + id, "").status()).as(id).isEqualTo(404);
      assertThat(admin("DELETE", "/api/jobs/" + id, "").status()).as(id).isEqualTo(404);
      assertThat(admin("POST", "/api/jobs/dead/" + id + "/retry", "").status()).isEqualTo(404);
    }
  }

  // ---- change ----

  @Test
  void aDeadJobIsShownAndCanBeRevived() {
    String id = enqueue("{\"name\": \"fails\", \"max_retries\": 0}");
    awaitStatus(id, "dead");
    Map<String, @Nullable Object> dead = job(id);
    assertThat(dead)
        .containsEntry("error", "NO_LUCK: not today")
        .containsEntry("next_run_at", null);
    assertThat(String.valueOf(dead.get("completed_at"))).matches("\\d{10}Z");
    assertThat(admin("GET", "/api/jobs/dead", "").body()).contains("\"" + id + "\"");
    assertThat(ids("?status=dead")).contains(id);
    long failed =
        (Long) Objects.requireNonNull(object(admin("GET", "/api/jobs/stats", "")).get("failed"));

    Reply revived = admin("POST", "/api/jobs/dead/" + id + "/retry", "");

    assertThat(revived.status()).isEqualTo(200);
    assertThat(revived.body()).isEqualTo("{\"retried\":true,\"id\":\"" + id + "\"}");
    Eventually.within(
        SOON,
        () ->
            (Long) Objects.requireNonNull(object(admin("GET", "/api/jobs/stats", "")).get("failed"))
                > failed,
        () -> job(id));
    awaitStatus(id, "dead");
  }

  @Test
  void aJobThatWaitsCanBeCancelledOnce() {
    String id = enqueue("{\"name\": \"add\", " + LATER + "}");

    Reply first = admin("DELETE", "/api/jobs/" + id, "");
    Reply second = admin("DELETE", "/api/jobs/" + id, "");

    assertThat(first.body()).isEqualTo("{\"cancelled\":true,\"id\":\"" + id + "\"}");
    assertThat(job(id)).containsEntry("status", "cancelled").containsEntry("next_run_at", null);
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.body()).contains("JOB_NOT_WAITING", id + " is cancelled");
  }

  @Test
  void aJobWithoutAFunctionIsParkedAndSaysWhy() {
    String id = enqueue("{\"name\": \"nowhere\"}");

    Eventually.within(SOON, () -> job(id).get("error") != null, () -> job(id));
    assertThat(job(id)).containsEntry("status", "pending").containsEntry("retry_count", 0L);
    assertThat(String.valueOf(job(id).get("error"))).startsWith("FN_NOT_FOUND");
    assertThat(admin("DELETE", "/api/jobs/" + id, "").status()).isEqualTo(200);
  }
}
