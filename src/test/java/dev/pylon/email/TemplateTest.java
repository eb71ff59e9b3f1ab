package dev.pylon.email;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "NONE",
      value = {
        "Your code is {{code}}., Your code is 123456.",
        "{{code}}{{code}}, 123456123456",
        "{{other}}!, !",
        "{{ code }}, {{ code }}",
        "{{code, {{code",
        "{{code}, {{code}",
        "{{co-de}}, {{co-de}}"
      })
  void namesAreFilledAndTheRestIsAsItIs(String template, String text) {
    Letter letter = new Template("s", template).letter("a@b.c", Map.of("code", "123456"));

    assertThat(letter.text()).isEqualTo(text);
  }

  @Test
  void whatIsFilledInIsNotLookedAtAgain() {
    Letter letter =
        new Template("{{name}}", "{{name}} $1 \\1")
            .letter("a@b.c", Map.of("name", "{{code}} $0", "code", "123456"));

    assertThat(letter.text()).isEqualTo("{{code}} $0 $1 \\1");
  }

  @Test
  void aSubjectHasOneLine() {
    Letter letter =
        new Template("Join {{name}}", "x").letter("a@b.c", Map.of("name", "us\r\nBcc: eve@x.y"));

    assertThat(letter.subject()).isEqualTo("Join us Bcc: eve@x.y");
  }
}
