package dev.pylon.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.cli.command.ExitStatus;
import dev.pylon.config.Environment;
import dev.pylon.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  static final List<String> NAMES = Commands.NAMES;

  @TempDir private Path folder;

  @Test
  void aloneItPrintsShortHelp() {
    Cli.Result result = Cli.in(folder).run();

    assertThat(result.status()).isEqualTo(ExitStatus.OK);
    assertThat(result.out()).contains("Usage: pylon <command>").contains("  call ");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void anUnknownCommandIsNamedWithTheNearest() {
    Cli.Result result = Cli.in(folder).run("trcaes");

    assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("\"trcaes\"").contains("Did you mean: traces?");
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void everyCommandRefusesUnknownOptions(String command) {
    Cli.Result result = Cli.in(folder).run(command, "--jsno");

    assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("--jsno");
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void everyCommandHasAPageThatFits(String command) {
    Cli.Result result = Cli.in(folder).run(command, "--help");

    assertThat(result.status()).isEqualTo(ExitStatus.OK);
    assertThat(result.out()).contains("Usage: pylon " + command).contains("Examples:");
    assertThat(result.out().lines()).allMatch(line -> line.length() <= 100);
    assertThat(result.out()).isEqualTo(Cli.in(folder).run("help", command).out());
    assertThat(result.out()).isEqualTo(Cli.in(folder).run(command, "-h").out());
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void everySummaryIsOneShortSentence(String command) {
    assertThat(Main.syntax(command).summary()).hasSizeBetween(10, 75).endsWith(".");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--json version",
        "version --json",
        "--output=json version",
        "version --output json"
      })
  void globalOptionsCountBeforeAndAfterTheCommand(String line) {
    Cli.Result result = Cli.in(folder).run(line.split(" "));

    assertThat(result.out()).isEqualTo("{\"version\":\"0\"}\n");
  }

  @Test
  void errorsAreOneDocumentInJsonMode() {
    Cli.Result result = Cli.in(folder).run("nosuch", "--json");

    assertThat(result.err()).isEmpty();
    assertThat(Json.parse(result.out()))
        .isEqualTo(
            Json.parse(
                """
                {"error":{"code":"USAGE","message":"unknown command \\"nosuch\\"",
                "hint":"See: pylon --help"},"exit":64}\
                """));
  }

  @ParameterizedTest
  @ValueSource(strings = {"version x", "version --color=sometimes", "version --output", "--cwd"})
  void badLinesAreUsageErrors(String line) {
    assertThat(Cli.in(folder).run(line.split(" ")).status()).isEqualTo(ExitStatus.USAGE);
  }

  @Test
  void aFolderThatIsNotThereIsMissingInput() {
    assertThat(Cli.in(folder).run("--cwd", "gone", "version").status())
        .isEqualTo(ExitStatus.NO_INPUT);
  }

  /** C06. A stream that throws what no stream throws stands for a mistake of ours. */
  @Test
  void aMistakeOfOursIsWrittenDownAndNotThrownAtTheUser() throws IOException {
    var said = new ByteArrayOutputStream();
    var broken =
        new InputStream() {
          @Override
          public int read() {
            throw new IllegalStateException("not our day");
          }
        };
    var environment =
        new Environment(Map.of("XDG_STATE_HOME", folder.toString()), Map.of(), folder);

    ExitStatus status = new Main(environment, broken, said, said).run(List.of("explain", "-"));

    Path report = folder.resolve("pylon/internal-error.txt");
    assertThat(status).isEqualTo(ExitStatus.INTERNAL);
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("a mistake of pylon itself", report.toString(), "pylon 0;")
        .doesNotContain("\tat ");
    assertThat(report).content().contains("pylon 0, Java", "not our day", "\tat ");
  }

  @Test
  void exitCodesAreListedForPeopleAndPrograms() {
    assertThat(Cli.in(folder).run("help", "exit-codes").out())
        .contains("  75  ")
        .contains("  64  ");
    assertThat(Cli.in(folder).run("help", "exit-codes", "--json").out())
        .contains("{\"exit\":75,\"name\":\"TEMPORARY\"");
  }
}
