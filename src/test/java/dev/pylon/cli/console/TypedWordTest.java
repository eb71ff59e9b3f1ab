package dev.pylon.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypedWordTest {

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "title=\"two words\" | title=two words",
        "title='two words' | title=two words",
        "title=it's | title=it's",
        "title=\" | title=\"",
        "title=\"a\"b\" | title=\"a\"b\"",
        "x:='{\"a\": 1}' | x:={\"a\": 1}",
        "x:=\"text\" | x:=\"text\"",
        "x:=[\"a\",\"b\"] | x:=[\"a\",\"b\"]",
        "'=a | '=a",
        "noop | noop"
      },
      delimiter = '|')
  void quotesHoldAWordTogether(String typed, String meant) {
    assertThat(TypedWord.unquoted(typed)).isEqualTo(meant);
  }
}
