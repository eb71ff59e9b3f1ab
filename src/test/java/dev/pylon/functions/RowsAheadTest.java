package dev.pylon.functions;

import static dev.pylon.functions.TestEngine.failure;
import static dev.pylon.functions.TestEngine.mutation;
import static dev.pylon.functions.TestEngine.query;
import static dev.pylon.functions.TestEngine.source;
import static dev.pylon.functions.TestEngine.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.NeedsBun;
import dev.pylon.json.RawJson;
import dev.pylon.model.Identity;
import dev.pylon.trace.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows that come with the call. A handler here tells whether the answer was there before anything
 * could have been fetched.
 */
@NeedsBun
class RowsAheadTest {
  /** Calls after which a row comes along at the latest. */
  private static final int CALLS = 12;

  private static final String ASKS =
      """
      let here = false;
      const asked = ctx.db.get("Note", %s).then((row: any) => { here = true; return row; });
      for (let i = 0; i < 8; i++) await null;
      return [here, (await asked)?.stars ?? null];
      """;

  private static TestEngine engine;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    engine =
        TestEngine.start(
            folder,
            Map.of(
                "add", mutation("return ctx.db.insert(\"Note\", args);"),
                "set", mutation("await ctx.db.update(\"Note\", args.id, { stars: args.stars });"),
                "byId", query(ASKS.formatted("args.id")),
                "fresh", query(ASKS.formatted("args.id")),
                "gone", query(ASKS.formatted("args.id")),
                "mine", query(ASKS.formatted("ctx.auth.userId")),
                "either", query(ASKS.formatted("args.second ? args.b : args.a")),
                "late", query("await null;" + ASKS.formatted("args.id")),
                "picky",
                    source(
                        "query",
                        "args: { id: v.id(\"Note\"), stars: v.optional(v.int()) }",
                        ASKS.formatted("args.id")),
                "traced", query(ASKS.formatted("args.id"))));
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  private static String note(int stars) {
    return String.valueOf(value(engine.call("add", Map.of("text", "n", "stars", stars))));
  }

  private static List<@Nullable Object> ask(String function, Map<String, Object> args) {
    return new ArrayList<>((List<?>) value(engine.call(function, args)));
  }

  /** Asks the same until the answer comes along with the call. */
  private static void learn(String function, Map<String, Object> args) {
    for (int call = 0; call < CALLS; call++) {
      if (ask(function, args).getFirst().equals(true)) {
        return;
      }
    }
    throw new AssertionError("nothing came along with " + CALLS + " calls");
  }

  private static @Nullable Object mine(Identity user) {
    return value(
        engine
            .functions()
            .call(FunctionRequest.of("mine", RawJson.EMPTY_OBJECT, user, Source.HTTP))
            .answer());
  }

  @Test
  void whatCallsBeginWithComesWithTheNext() {
    String id = note(3);
    assertThat(ask("byId", Map.of("id", id))).containsExactly(false, 3L);
    learn("byId", Map.of("id", id));
    String other = note(4);
    assertThat(ask("byId", Map.of("id", other))).containsExactly(true, 4L);
  }

  @Test
  void itIsTheRowAsItIsWhenTheCallIsMade() {
    String id = note(0);
    learn("fresh", Map.of("id", id));
    for (int stars = 1; stars <= 20; stars++) {
      value(engine.call("set", Map.of("id", id, "stars", stars)));
      assertThat(ask("fresh", Map.of("id", id))).containsExactly(true, (long) stars);
    }
  }

  @Test
  void aRowThatIsNotThereComesAsNothing() {
    learn("gone", Map.of("id", note(1)));
    assertThat(ask("gone", Map.of("id", "nobody"))).isEqualTo(Arrays.asList(true, null));
    assertThat(ask("gone", Map.of("id", 17))).isEqualTo(Arrays.asList(false, null));
  }

  @Test
  void theCallersOwnRowComesToo() {
    var user = Identity.user(note(5), null);
    for (int call = 0; call < CALLS; call++) {
      mine(user);
    }
    assertThat(mine(user)).isEqualTo(List.of(true, 5L));
    var another = Identity.user(note(6), null);
    assertThat(mine(another)).isEqualTo(List.of(true, 6L));
  }

  @Test
  void aRowThatNobodyAskedForIsNotTakenForAnother() {
    Map<String, Object> args = Map.of("a", note(1), "b", note(2));
    learn("either", args);
    assertThat(ask("either", Map.of("a", args.get("a"), "b", args.get("b"), "second", true)))
        .containsExactly(false, 2L);
    assertThat(ask("either", args)).containsExactly(false, 1L);
  }

  /** Else whoever sends nonsense would slow down everybody else. */
  @Test
  void aCallThatIsRefusedBeforeItAsksTellsNothing() {
    String id = note(9);
    learn("picky", Map.of("id", id));
    for (int call = 0; call < CALLS; call++) {
      assertThat(failure(engine.call("picky", Map.of("id", id, "stars", "many"))))
          .startsWith("INVALID_ARGS");
    }
    assertThat(ask("picky", Map.of("id", id))).containsExactly(true, 9L);
  }

  /** What it read then would be older than what it has waited for. */
  @Test
  void aHandlerThatHasWaitedIsAnsweredAnew() {
    String id = note(7);
    for (int call = 0; call < CALLS; call++) {
      assertThat(ask("late", Map.of("id", id))).containsExactly(false, 7L);
    }
  }

  @Test
  void tracesShowItAsTheReadItIs() {
    String id = note(8);
    learn("traced", Map.of("id", id));
    assertThat(ask("traced", Map.of("id", id))).containsExactly(true, 8L);
    assertThat(engine.trace("traced").ops())
        .singleElement()
        .satisfies(op -> {
          assertThat(op.op()).isEqualTo("get");
          assertThat(op.entity()).isEqualTo("Note");
          assertThat(op.id()).isEqualTo(id);
          assertThat(op.startMillis()).isNotNegative();
          assertThat(op.durationMillis()).isPositive();
          assertThat(op.rowCount()).isEqualTo(1);
          assertThat(op.ok()).isTrue();
        });
  }
}
