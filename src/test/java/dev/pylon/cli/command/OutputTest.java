package dev.pylon.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.config.Environment;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutputTest {
  @Test
  void eachLineOfAFailureStandsBelowTheFirstWithoutControlCharacters() {
    var err = new ByteArrayOutputStream();
    var environment = new Environment(Map.of("NO_COLOR", "1"), Map.of(), Path.of(""));
    var output =
        new Output(
            OutputStream.nullOutputStream(), err, OutputOptions.guess(List.of(), environment));

    output.failure(
        ExitStatus.FAILED, "UNSAFE_SETTING", "one is unsafe\nanother\u001b[2J too", "hint");

    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("error: one is unsafe\n       another\uFFFD[2J too\n  hint\n");
  }
}
