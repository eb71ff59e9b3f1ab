package dev.pylon.acceptance;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.acceptance.Server.Reply;
import dev.pylon.functions.Answer;
import dev.pylon.functions.FunctionRequest;
import dev.pylon.json.Json;
import dev.pylon.model.Identity;
import dev.pylon.trace.Source;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every runtime keeps together with the host: the protocol and the semantics of section 20 of
 * the functions contract, points 2 to 20. The points about what the host does alone have tests of
 * their own: handshakes in {@code HandshakeTest}, deadlines and deaths in {@code RuntimePoolTest},
 * {@code KilledRuntimeTest} and {@code ForeignRuntimeTest}, HTTP in {@code FunctionSurfaceTest}.
 */
abstract class RunnerContract {
  @TempDir private Path folder;
  private Server server;

  /** Which runtime is held to it. */
  abstract Server.Runtime runtime();

  /** Calls of the mix that shall end with an exact count; what is bearable differs. */
  abstract int mixedCalls();

  /** What else the server is told, such as its database. */
  Map<String, String> settings() {
    return Map.of();
  }

  @BeforeEach
  void start() {
    server = Server.start(folder, "acceptance/runner", runtime(), settings());
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static Map<String, Object> what(String what) {
    return Map.of("what", what);
  }

  // ---- protocol ----

  @Test
  void anAnonymousCallerIsNullsNotGaps() {
    assertThat(server.value("whoami"))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("userId", null)
        .containsEntry("tenantId", null)
        .containsEntry("isAdmin", false);
  }

  @Test
  void overlappingReadsEachGetTheirOwnAnswer() {
    List<Object> ids = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      ids.add(server.value("addNote", Map.of("text", "note", "stars", i)));
    }

    Object rows = server.value("getAll", Map.of("ids", ids));

    assertThat((List<?>) rows)
        .extracting(row -> ((Map<?, ?>) row).get("stars"))
        .isEqualTo(IntStream.range(0, 50).mapToObj(Long::valueOf).toList());
  }

  @Test
  void callsAtTheSameTimeEachGetTheirOwnAnswer() {
    var calls = new ArrayList<CompletableFuture<Reply>>();
    for (int i = 0; i < 60; i++) {
      calls.add(server.calling("typed", Map.of("s", "caller " + i)));
    }

    for (int i = 0; i < 60; i++) {
      assertThat(calls.get(i).join().json()).isEqualTo(Map.of("s", "caller " + i));
    }
  }

  @Test
  void everyOperationAnswersInItsShape() {
    assertThat(Json.text(server.value("ops")))
        .isEqualTo(
            "{\"isId\":true,\"get\":\"first\",\"miss\":null,\"lookup\":1,\"lookupMiss\":null,"
                + "\"list\":true,\"query\":1,\"graph\":[\"Note\"],\"update\":true,"
                + "\"updateMiss\":false,\"updated\":2,"
                + "\"paginate\":[\"page\",\"nextCursor\",\"isDone\"],"
                + "\"deleteMiss\":false,\"delete\":true}");
  }

  @Test
  void aHandlerSearchesWhatIsCommittedAndWhatItWrote() {
    Object pages =
        List.of(
            Map.of("title", "Red boots", "section", "shoes"),
            Map.of("title", "Boots, red and \"blue\"", "section", "shoes"),
            Map.of("title", "Hats"));

    assertThat(server.value("publish", Map.of("pages", pages, "find", "red boo"))).isEqualTo(2L);
    server.call("publish", Map.of("pages", pages, "find", "hats", "regret", true));

    assertThat(Json.text(server.value("find", Map.of("query", "\"blue (boots*"))))
        .isEqualTo(
            "{\"titles\":[\"Boots, red and \\\"blue\\\"\"],"
                + "\"facetCounts\":{\"section\":{\"shoes\":1}},\"total\":1}");
    assertThat(Json.text(server.value("find", Map.of("facets", List.of(), "page_size", 2))))
        .contains("\"total\":3");
    assertThat(server.call("find", Map.of("page", -1)).body()).contains("INVALID_QUERY");
  }

  @Test
  void pagesAreBoundedAndTheLastOneSaysSo() {
    server.value("addNotes", Map.of("text", "paged", "count", 1_004));

    assertThat(page(null, 0)).containsEntry("rows", 1L).containsEntry("isDone", false);
    Map<?, ?> most = page(null, 99_999);
    assertThat(most.get("rows")).isEqualTo(1_000L);
    Map<?, ?> two = page(most.get("cursor"), 2);
    assertThat(two.get("isDone")).isEqualTo(false);
    Map<?, ?> last = page(two.get("cursor"), 2);
    assertThat(last.get("rows")).isEqualTo(2L);
    assertThat(last.get("isDone")).isEqualTo(true);
    assertThat(last.get("cursor")).isNull();
  }

  private Map<String, @Nullable Object> page(@Nullable Object cursor, int numItems) {
    Object args =
        cursor == null
            ? Map.of("numItems", numItems)
            : Map.of("numItems", numItems, "cursor", cursor);
    return Json.parseObject(server.call("page", args).body().getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|Missing required field \"s\" (type: string)",
        "{\"s\":null}|Missing required field \"s\" (type: string)",
        "null|args must be an object",
        "5|args must be an object",
        "[]|Missing required field \"s\" (type: string)",
        "{\"s\":1}|s: expected string, got number",
        "{\"s\":\"\",\"n\":\"1\"}|n: expected number, got string",
        "{\"s\":\"\",\"i\":true}|i: expected number, got boolean",
        "{\"s\":\"\",\"b\":0}|b: expected boolean, got number",
        "{\"s\":\"\",\"id\":7}|id: expected id string, got number",
        "{\"s\":\"\",\"lit\":\"off\"}|lit: expected literal \"on\", got \"off\"",
        "{\"s\":\"\",\"list\":{}}|list: expected array, got object",
        "{\"s\":\"\",\"list\":[1,\"2\",\"3\"]}|list[1]: expected number, got string",
        "{\"s\":\"\",\"obj\":[]}|obj: expected object",
        "{\"s\":\"\",\"obj\":{}}|obj.k: required field missing",
        "{\"s\":\"\",\"obj\":{\"k\":\"\",\"o\":null}}|obj.o: expected number, got object",
        "{\"s\":\"\",\"either\":true}|either: value does not match any variant",
        "{\"s\":\"\",\"not\":1}|not: expected null, got number",
        "{\"n\":\"x\",\"b\":1}|Missing required field \"s\" (type: string); n: expected number, got string; b: expected boolean, got number"
      })
  void argumentsThatDoNotFitAreNamed(String args, String message) {
    assertThat(server.post("/api/fn/typed", args).error()).isEqualTo("400 INVALID_ARGS " + message);
  }

  @Test
  void argumentsThatFitArriveAsTheyAreWithWhatWasNotAskedFor() {
    String args =
        "{\"s\":\"x\",\"i\":1.5,\"id\":\"any text\",\"obj\":{\"k\":\"\",\"more\":1},\"n\":null,\"extra\":[1]}";

    assertThat(server.post("/api/fn/typed", args).body()).isEqualTo(args);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "coded|BID_TOO_LOW must be at least $12.00 – bitte",
        "empty message|AUCTION_NOT_FOUND Handler error",
        "object|OWN_OBJECT thrown as it is",
        "plain|HANDLER_ERROR Internal handler error",
        "string|HANDLER_ERROR Internal handler error",
        "null|HANDLER_ERROR Internal handler error",
        "numeric code|HANDLER_ERROR Internal handler error",
        "empty code|HANDLER_ERROR Internal handler error",
        "big|HANDLER_ERROR Internal handler error",
        "cyclic|HANDLER_ERROR Internal handler error"
      })
  void whatIsThrownReachesTheCallerAsFarAsItsAuthorMeantItTo(String thrown, String expected) {
    assertThat(server.call("toss", what(thrown)).error()).isEqualTo("400 " + expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nothing|null",
        "function|null",
        "symbol|null",
        "date|\"1970-01-01T00:00:00.000Z\"",
        "numbers|[null,null,1.5]",
        "map|{}",
        "text|\"text\""
      })
  void whatIsReturnedIsItsJson(String returned, String expected) {
    assertThat(server.call("give", what(returned)).body()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "schedule without args",
        "fractional delay",
        "negative delay",
        "delay as text",
        "date"
      })
  void anOddScheduleIsUnderstoodAtOnce(String odd) {
    assertThat(atOnce("odd", odd).body()).isEqualTo("\"string\"");
  }

  @Test
  void otherOddWishesAreAnsweredAtOnce() {
    assertThat(atOnce("odd", "nested without args").status()).isEqualTo(200);
    assertThat(atOnce("odd", "NaN").error()).startsWith("400 INVALID_ARGS ");
    assertThat(atOnce("odd", "chunk of an object").body()).isEqualTo("\"written\"");
    assertThat(atOnce("oddRows", "number as id").body()).isEqualTo("null");
    assertThat(atOnce("oddRows", "no id").body()).isEqualTo("null");
    assertThat(atOnce("oddRows", "null id").body()).isEqualTo("null");
    server.value("addNote", Map.of("stars", 77));
    assertThat(atOnce("oddRows", "number looked up").body()).isEqualTo("77");
    assertThat(atOnce("oddRows", "no entity").error()).startsWith("400 INVALID_ARGS ");
    assertThat(server.log()).noneMatch(line -> line.startsWith("crashed"));
  }

  /** Far below any deadline; the tenth of a second the contract asks for needs a quiet machine. */
  private Reply atOnce(String function, String odd) {
    long begin = System.nanoTime();
    Reply reply = server.call(function, what(odd));
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    return reply;
  }

  // ---- semantics ----

  @Test
  void aMutationThatThrowsLeavesNothingButItsChunks() {
    assertThat(server.stream("allOrNothing", Map.of("text", "gone")))
        .startsWith("data: before the end\n\nevent: error\ndata: {\"code\":\"CHANGED_MY_MIND\"");

    server.value("later", Map.of("ms", 0, "text", "after"));
    awaitNotes("after", 1);
    assertThat(server.value("countNotes", Map.of("text", "gone"))).isEqualTo(0L);
  }

  @Test
  void aNestedMutationCommitsByItselfAndItsErrorPassesUnchanged() {
    assertThat(server.call("outer", Map.of("text", "kept", "caught", false)).error())
        .isEqualTo("400 CHANGED_MY_MIND no");
    assertThat(server.value("countNotes", Map.of("text", "kept"))).isEqualTo(1L);

    assertThat(server.value("outer", Map.of("text", "caught", "caught", true)))
        .isEqualTo("CHANGED_MY_MIND: no");
    assertThat(server.value("countNotes", Map.of("text", "caught"))).isEqualTo(1L);
  }

  @Test
  void aNestedCallIsMadeByTheSameCaller() {
    Identity caller = Identity.user("u_42", "org_7");

    Answer answer =
        server
            .functions()
            .call(FunctionRequest.of("askWho", Json.raw(Map.of()), caller, Source.HTTP))
            .answer();

    assertThat(answer).isInstanceOf(Answer.Returned.class);
    assertThat(Json.parse(((Answer.Returned) answer).value().bytes()))
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("userId", "u_42")
        .containsEntry("tenantId", "org_7")
        .containsEntry("isAdmin", false);
  }

  @Test
  void theKindOfANestedFunctionMustFit() {
    assertThat(server.call("mismatch").error())
        .isEqualTo(
            "400 FN_TYPE_MISMATCH Function \"addNote\" is registered as mutation, not query");
  }

  @Test
  void aStreamIsTheSameFromAnyRuntime() {
    assertThat(server.stream("aside", Map.of()))
        .isEqualTo(
            "data: first\ndata: second\n\ndata: third\n\n"
                + "event: result\ndata: {\"done\":true}\n\n");
  }

  @Test
  void aJobRunsWithoutAUserNeverEarlyAndSoon() {
    long asked = server.number("laterFromAction", Map.of("ms", 300, "text", "job"));

    Eventually.within(
        SOON, () -> server.value("counter", Map.of("name", "job")) != null, server::log);

    long ran = server.number("counter", Map.of("name", "job"));
    assertThat(ran - asked).isBetween(300L, 10_000L);
    assertThat((List<?>) server.value("notes"))
        .anySatisfy(note -> assertThat(note).isEqualTo("job by null false"));
  }

  @Test
  void aJobThatIsCancelledDoesNotRun() {
    server.value("laterFromAction", Map.of("ms", 1_500, "text", "cancelled", "cancel", true));
    server.value("laterFromAction", Map.of("ms", 1_600, "text", "witness"));

    Eventually.within(
        SOON, () -> server.value("counter", Map.of("name", "witness")) != null, server::log);

    assertThat(server.value("counter", Map.of("name", "cancelled"))).isNull();
  }

  @Test
  void aMixOfEverythingEndsWithAnExactCount() {
    int calls = mixedCalls();
    var answers = new ArrayList<CompletableFuture<Reply>>();
    var name = Map.of("name", "mix");
    for (int i = 0; i < calls; i++) {
      answers.add(
          switch (i % 4) {
            case 0 -> server.calling("increment", name);
            case 1 -> server.calling("incrementAndLook", name);
            case 2 -> server.calling("incrementLater", Map.of("name", "mix", "ms", i % 100));
            default -> server.calling("counter", name);
          });
      if (i % 64 == 63) {
        answers.removeIf(answer -> ok(answer.join()));
      }
    }
    answers.forEach(answer -> ok(answer.join()));

    long expected = calls / 4 * 3;
    Eventually.within(
        Duration.ofSeconds(40),
        () -> server.value("counter", name) instanceof Long count && count >= expected,
        () -> server.value("counter", name) + " of " + expected + " " + server.log());
    assertThat(server.value("counter", name)).isEqualTo(expected);
  }

  private static boolean ok(Reply reply) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return true;
  }

  private void awaitNotes(String text, long count) {
    Eventually.within(
        SOON,
        () -> server.number("countNotes", Map.of("text", text)) == count,
        () -> server.value("notes"));
  }
}
