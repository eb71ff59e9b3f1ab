package dev.pylon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.cli.command.ExitStatus;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What is made from the register of commands beside their help pages. */
class ReferenceTest {
  static final List<String> COMMANDS = Commands.NAMES;

  @TempDir private Path folder;

  @Test
  void theCheckedInReferenceIsCurrent() {
    assertThat(Path.of("src/docs/COMMANDS.md"))
        .as("made by: pylon help reference > src/docs/COMMANDS.md")
        .hasContent(String.join("\n", Reference.lines()));
  }

  @ParameterizedTest
  @FieldSource("COMMANDS")
  void everyCommandHasAManualPage(String command) {
    Cli.Result result = Cli.in(folder).run("help", "man", command);

    assertThat(result.status()).isEqualTo(ExitStatus.OK);
    assertThat(result.out())
        .startsWith(".TH \"PYLON-")
        .contains(".SH NAME", ".SH SYNOPSIS", ".SH OPTIONS", ".SH EXAMPLES", ".SH EXIT STATUS");
    assertThat(result.out().lines()).noneMatch(String::isBlank);
  }
}
