package dev.pylon.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.cli.text.PrettyJson;
import dev.pylon.cli.text.Style;
import dev.pylon.json.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The schemas of what commands answer with {@code --json}. That they do: {@link CliConductIT}. */
class AnswersTest {
  @Test
  void theCheckedInSchemasAreCurrent() {
    assertThat(Path.of("src/docs/answers.json"))
        .as("made by: pylon help answers > src/docs/answers.json")
        .hasContent(PrettyJson.of(Json.bytes(Answers.schemas()), new Style(false, false)));
  }

  @Test
  void everyCommandHasOne() {
    assertThat((Map<?, ?>) Answers.schemas().get("$defs")).hasSize(Commands.NAMES.size());
  }

  @Test
  void aShapeIsASchema() {
    assertThat(Json.text(Shape.schema("{a: text|null, b?: {c: whole[], ...}[]}")))
        .isEqualTo(
            "{\"type\":\"object\",\"properties\":{\"a\":{\"anyOf\":[{\"type\":\"string\"},"
                + "{\"type\":\"null\"}]},\"b\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
                + "\"properties\":{\"c\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}},"
                + "\"required\":[\"c\"],\"additionalProperties\":true}}},\"required\":[\"a\"]}");
    assertThatThrownBy(() -> Shape.schema("{a text}")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatDoesNotFitIsFound() {
    Map<String, Object> schema = Shape.schema("{a: text, b?: whole[]}");

    assertThat(AnswerCheck.problems(schema, Map.of("a", "x", "b", List.of(1L)))).isEmpty();
    assertThat(AnswerCheck.problems(schema, Map.of("b", List.of("x"), "c", 1L)))
        .containsExactlyInAnyOrder(
            "$: a is missing", "$.b[0]: x is no integer", "$: c is not in the schema");
  }
}
