package dev.pylon.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.boot.DevEvent;
import dev.pylon.boot.DevFacts;
import dev.pylon.functions.Reloaded;
import dev.pylon.json.Json;
import dev.pylon.schema.Diagnostic;
import dev.pylon.schema.Field;
import dev.pylon.schema.FieldType;
import dev.pylon.schema.SchemaOperation;
import dev.pylon.trace.Source;
import dev.pylon.trace.Trace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DevLinesTest {
  static final DevFacts FACTS =
      new DevFacts(
          "abc",
          "dev",
          7,
          "2026-01-01T00:00:00Z",
          "http://127.0.0.1:4321",
          4321,
          "hush",
          "todo",
          "0.1.0",
          "app.ts",
          "/home/me/todo",
          "sqlite:.pylon/dev.db",
          null,
          2,
          1,
          3,
          1,
          0,
          0);

  /** Plain words: what is tested is which lines there are, not how the machine says a time. */
  static final Wording WORDS =
      new Wording() {
        @Override
        public String duration(double millis) {
          return Math.round(millis) + " ms";
        }

        @Override
        public String time(long epochMillis) {
          return "12:00:00.000";
        }

        @Override
        public String sign(String sign, String plain) {
          return sign;
        }

        @Override
        public String clean(String untrusted) {
          return untrusted.replace("\u001b", "?");
        }
      };

  private static String shown(DevLines lines, DevEvent event) {
    return lines.of(event).stream().map(ShownLine::text).collect(Collectors.joining("\n"));
  }

  private static String shown(DevEvent event) {
    return shown(new DevLines(WORDS, trace -> true, true), event);
  }

  /** A call that returned. */
  static Trace good() {
    return trace(new Trace.Ok(Json.raw(1)));
  }

  /** A call that did not. */
  static Trace failed() {
    return trace(new Trace.Error("TOO_LOW", "no", null));
  }

  private static Trace trace(Trace.Outcome outcome, Trace.LogLine... logs) {
    return new Trace(
        "c_7",
        "addTodo",
        "mutation",
        "u_42",
        0,
        8.4,
        outcome,
        List.of(),
        0,
        0,
        List.of(),
        null,
        "org1",
        Source.HTTP,
        null,
        0,
        0,
        1,
        false,
        null,
        List.of(logs),
        0,
        false);
  }

  private static DevEvent.Loaded loaded(
      List<String> files,
      @Nullable Reloaded functions,
      List<SchemaOperation> operations,
      List<DevEvent.BrokenFile> failed,
      List<Diagnostic> errors) {
    return new DevEvent.Loaded(
        DevEvent.Reason.FUNCTIONS,
        2,
        files,
        functions,
        null,
        operations,
        failed,
        errors,
        Duration.ofMillis(42));
  }

  @Test
  void theBannerSaysWhereAndWhat() {
    assertThat(shown(new DevEvent.Ready(FACTS, Duration.ofMillis(640))))
        .isEqualTo(
            """

              todo 0.1.0  ready in 640 ms

              http      http://127.0.0.1:4321
              db        sqlite:.pylon/dev.db
              app       2 entities, 1 policy, 3 queries, 1 mutation
              watching  /home/me/todo
              bun       none

              pylon call <fn> and pylon traces work in a second terminal; Ctrl-C ends.
            """)
        .doesNotContain("hush");
  }

  @Test
  void aPipeGetsOneLineInsteadOfTheBanner() {
    var piped = new DevLines(WORDS, trace -> true, false);

    assertThat(shown(piped, new DevEvent.Ready(FACTS, Duration.ofMillis(640))))
        .isEqualTo("ready todo 0.1.0 http://127.0.0.1:4321 (640 ms)");
  }

  @Test
  void aCallIsOneLineWithItsConsoleBelow() {
    var event =
        new DevEvent.Called(
            trace(
                new Trace.Ok(Json.raw(Map.of())),
                new Trace.LogLine(1, "info", "first\nsecond"),
                new Trace.LogLine(2, "warn", "\u001b[2J")));

    assertThat(shown(event))
        .isEqualTo(
            """
            12:00:00.000  ✓ addTodo  8 ms  u_42@org1
                first
                second
                ?[2J\
            """);
  }

  @Test
  void aFailureShowsItsSourceAndTheWayToMore() {
    var error =
        new Trace.Error(
            "HANDLER_ERROR",
            "Internal handler error",
            Map.of(
                "name",
                "TypeError",
                "message",
                "x is undefined\nat once",
                "file",
                "functions/addTodo.ts",
                "line",
                5L,
                "column",
                9L,
                "excerpt",
                List.of("  4 | const x;", "> 5 | x.y;")));

    assertThat(shown(new DevEvent.Called(trace(error))))
        .isEqualTo(
            """
            12:00:00.000  ✗ addTodo  8 ms  u_42@org1  HANDLER_ERROR Internal handler error
                TypeError: x is undefined
                at functions/addTodo.ts:5:9
                  4 | const x;
                > 5 | x.y;
                pylon traces --id c_7\
            """);
  }

  @Test
  void callsAreShownAsWished() {
    var good = new DevEvent.Called(trace(new Trace.Ok(Json.raw(1L))));
    var bad = new DevEvent.Called(trace(new Trace.Error("NO", "no", null)));
    var errors = new DevLines(WORDS, Trace::failed, true);
    var none = new DevLines(WORDS, trace -> false, true);

    assertThat(errors.of(good)).isEmpty();
    assertThat(errors.of(bad)).isNotEmpty();
    assertThat(none.of(bad)).isEmpty();
  }

  @Test
  void aReloadIsOneLine() {
    var functions =
        new Reloaded(3, List.of("fresh"), List.of("old"), List.of("listTodos"), List.of());
    var field = new Field("due", FieldType.parse("datetime").orElseThrow(), true, false, null);

    assertThat(
            shown(
                loaded(
                    List.of("functions/fresh.ts", "app.ts"),
                    functions,
                    List.of(new SchemaOperation.AddField("Todo", field)),
                    List.of(),
                    List.of())))
        .isEqualTo("↻ functions/fresh.ts, app.ts  +fresh -old ~listTodos +Todo.due  42 ms");
  }

  @Test
  void manyFilesAreCounted() {
    assertThat(
            shown(loaded(List.of("a", "b", "c", "d", "e"), null, List.of(), List.of(), List.of())))
        .isEqualTo("↻ a, b, c and 2 more  42 ms");
  }

  @Test
  void aFileThatCannotBeLoadedIsNamedWithItsPlace() {
    var broken = new DevEvent.BrokenFile("bad", "functions/bad.ts", 3, 7, "Unexpected ;", null);

    assertThat(
            shown(loaded(List.of("functions/bad.ts"), null, List.of(), List.of(broken), List.of())))
        .isEqualTo(
            """
            ↻ functions/bad.ts  42 ms
              bad Unexpected ;
                at functions/bad.ts:3:7\
            """);
  }

  @Test
  void aFileThatLacksAPackageSaysWhatToDo() {
    var broken = new DevEvent.BrokenFile("bad", "functions/bad.ts", 1, 9, "Cannot", "Install it");

    assertThat(
            shown(loaded(List.of("functions/bad.ts"), null, List.of(), List.of(broken), List.of())))
        .endsWith("at functions/bad.ts:1:9\n    Install it");
  }

  @Test
  void aBrokenBuildSaysWhatAndWhere() {
    var error =
        new Diagnostic(
            Diagnostic.Severity.ERROR,
            "BUN_EXIT",
            "Unexpected ;",
            new Diagnostic.Span("app.ts", 3, 7),
            "3 | const x = ;\n              ^");

    assertThat(shown(loaded(List.of("app.ts"), null, List.of(), List.of(), List.of(error))))
        .isEqualTo(
            """
            ✗ app.ts  42 ms
              BUN_EXIT Unexpected ;
                at app.ts:3:7
                3 | const x = ;
                              ^\
            """);
  }

  @Test
  void aCrashShowsTheLastWords() {
    assertThat(shown(new DevEvent.Crashed(1, List.of("error: boom"))))
        .isEqualTo(
            """
            ✗ The function runtime ended with status 1 and is started again
                error: boom\
            """);
  }
}
