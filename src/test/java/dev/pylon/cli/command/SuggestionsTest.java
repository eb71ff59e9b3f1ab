package dev.pylon.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionsTest {
  private static final List<String> COMMANDS =
      List.of("dev", "serve", "call", "traces", "fns", "init", "completion", "help", "version");

  @ParameterizedTest
  @CsvSource({
    "trcaes,traces", // two letters swapped
    "cal,call", // the beginning of one
    "calll,call",
    "hlep,help",
    "logs,traces", // what others call it
    "invoke,call",
    "up,serve",
    "comp,completion"
  })
  void findsWhatWasMeant(String typed, String meant) {
    assertThat(Suggestions.command(typed, COMMANDS)).contains(meant);
  }

  @ParameterizedTest
  @CsvSource({"xyz", "database", "q"})
  void saysNothingAboutWordsUnlikeAll(String typed) {
    assertThat(Suggestions.command(typed, COMMANDS)).isEmpty();
  }

  @Test
  void namesTheNearestFirst() {
    assertThat(Suggestions.few("adTodo", List.of("listTodos", "addTodos", "addTodo", "noop")))
        .startsWith("addTodo", "addTodos")
        .doesNotContain("noop");
  }
}
