package dev.pylon.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.cli.Cli;
import dev.pylon.cli.remote.CannedServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutputOptionsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "oe, NO_COLOR, '', '', true", // set, but empty
    "oe, NO_COLOR, 1, '', false",
    "oe, TERM, dumb, '', false",
    "oe, TERM, xterm, '', true",
    "'', TERM, xterm, '', false",
    "'', FORCE_COLOR, 1, '', true",
    "'', FORCE_COLOR, 0, '', false",
    "'', CLICOLOR_FORCE, 1, '', true",
    "e, TERM, xterm, '', false", // only the other stream is a terminal
    "oe, TERM, xterm, --no-color, false",
    "oe, TERM, xterm, --color=never, false",
    "'', NO_COLOR, 1, --color=always, true",
    "'', TERM, dumb, --color=always, true"
  })
  void coloursFollowFlagThenEnvironmentThenTerminal(
      String terminal, String variable, String value, String flag, boolean colored) {
    Cli cli = Cli.in(folder).onTerminal(terminal).with(variable, value);

    String out = (flag.isEmpty() ? cli.run("help") : cli.run("help", flag)).out();

    assertThat(out.contains("\u001b[")).isEqualTo(colored);
  }

  @Test
  void aLocaleWithoutUnicodeGetsAsciiOnly() throws Exception {
    try (var server = new CannedServer().announcedIn(folder)) {
      server.answers("POST /api/fn/f", 200, "\"déjà\"");

      Cli.Result result =
          Cli.in(folder).with("LC_ALL", "C").onTerminal("oe").run("call", "f", "--no-color");

      assertThat(result.out() + result.err()).contains("d\\u00e9j\\u00e0").isASCII();
    }
  }
}
