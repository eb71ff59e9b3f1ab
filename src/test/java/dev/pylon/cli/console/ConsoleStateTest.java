package dev.pylon.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.boot.DevEvent;
import dev.pylon.cli.console.ConsoleState.Health;
import dev.pylon.schema.Diagnostic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The bottom line of the console, and what becomes one line of calls that are alike. */
class ConsoleStateTest {
  private static final DevEvent READY =
      new DevEvent.Ready(DevLinesTest.FACTS, Duration.ofMillis(800));

  private static ConsoleState after(DevEvent... events) {
    ConsoleState state = ConsoleState.beginning(ShownCalls.Which.ALL);
    for (DevEvent event : events) {
      state = state.after(event);
    }
    return state;
  }

  private static String line(ConsoleState state) {
    return state.line(DevLinesTest.WORDS, 200).text();
  }

  private static DevEvent.Loaded loaded(List<Diagnostic> errors) {
    return new DevEvent.Loaded(
        DevEvent.Reason.FUNCTIONS,
        2,
        List.of("functions/a.ts"),
        null,
        null,
        List.of(),
        List.of(),
        errors,
        Duration.ofMillis(20));
  }

  @Test
  void itBeginsByStarting() {
    assertThat(line(after())).startsWith("◌ starting");
  }

  @Test
  void itTellsWhereAndWhat() {
    assertThat(line(after(READY)))
        .startsWith("● todo  http://127.0.0.1:4321  4 functions  0 calls")
        .endsWith("r reload  : call  ? help  q quit");
  }

  @Test
  void callsAndFailuresAreCounted() {
    DevEvent good = new DevEvent.Called(DevLinesTest.good());
    DevEvent bad = new DevEvent.Called(DevLinesTest.failed());

    assertThat(line(after(READY, good, good, bad))).contains("3 calls  1 error ");
  }

  @Test
  void aBrokenBuildIsToldUntilAGoodOne() {
    DevEvent broken = loaded(List.of(Diagnostic.error("BUN_EXIT", "no")));

    assertThat(after(READY, broken).health()).isEqualTo(Health.BROKEN);
    assertThat(line(after(READY, broken))).startsWith("✗ build failed");
    assertThat(after(READY, broken, loaded(List.of())).health()).isEqualTo(Health.SERVING);
  }

  @Test
  void itIsCutToTheTerminal() {
    assertThat(after(READY).line(DevLinesTest.WORDS, 40).text()).hasSize(40);
  }

  @Test
  void whatIsShownIsToldWhereItIsNotAll() {
    assertThat(line(after(READY).showing(ShownCalls.Which.ERRORS))).contains("shown: errors");
  }

  @Test
  void aKeyShowsAllAgainWhenPressedTwice() {
    var shown = new ShownCalls(ShownCalls.Which.ALL);

    assertThat(shown.toggle(ShownCalls.Which.ERRORS)).isEqualTo(ShownCalls.Which.ERRORS);
    assertThat(shown.test(DevLinesTest.good())).isFalse();
    assertThat(shown.test(DevLinesTest.failed())).isTrue();
    assertThat(shown.toggle(ShownCalls.Which.ERRORS)).isEqualTo(ShownCalls.Which.ALL);
  }

  // ---- calls that are alike ----

  @Test
  void callsThatAreAlikeBecomeOneLine() {
    var repeats = new Repeats();
    DevEvent call = new DevEvent.Called(DevLinesTest.good());
    List<ShownLine> lines = List.of(ShownLine.plain("listTodos 2 ms"));

    assertThat(repeats.of(call, lines)).isEmpty();
    assertThat(repeats.of(call, lines).map(ShownLine::text)).contains("listTodos 2 ms  ×2");
    assertThat(repeats.of(call, lines).map(ShownLine::text)).contains("listTodos 2 ms  ×3");
  }

  @Test
  void anythingBetweenThemBeginsAnew() {
    var repeats = new Repeats();
    DevEvent call = new DevEvent.Called(DevLinesTest.good());
    List<ShownLine> lines = List.of(ShownLine.plain("x"));

    Optional<ShownLine> first = repeats.of(call, lines);
    Optional<ShownLine> notice = repeats.of(new DevEvent.Notice("hm"), lines);
    Optional<ShownLine> second = repeats.of(call, lines);

    assertThat(List.of(first, notice, second)).allMatch(Optional::isEmpty);
  }

  @Test
  void failuresAndCallsWithConsoleLinesAreEachShown() {
    var repeats = new Repeats();
    DevEvent bad = new DevEvent.Called(DevLinesTest.failed());
    DevEvent talkative = new DevEvent.Called(DevLinesTest.good());
    List<ShownLine> two = List.of(ShownLine.plain("x"), ShownLine.plain("log"));

    assertThat(repeats.of(bad, two.subList(0, 1))).isEmpty();
    assertThat(repeats.of(bad, two.subList(0, 1))).isEmpty();
    assertThat(repeats.of(talkative, two)).isEmpty();
    assertThat(repeats.of(talkative, two)).isEmpty();
  }

  // ---- completion at the prompt ----

  @Test
  void namesThenKeysThatAreNotGivenYet() {
    List<Known> known =
        Known.parse(List.of("addTodo\tmutation\ttitle done", "listTodos\tquery\t", "broken"));

    assertThat(Known.completions(known, List.of(), "add")).containsExactly("addTodo");
    assertThat(Known.completions(known, List.of("addTodo"), "")).containsExactly("title=", "done=");
    assertThat(Known.completions(known, List.of("addTodo", "title=x"), ""))
        .containsExactly("done=");
  }
}
