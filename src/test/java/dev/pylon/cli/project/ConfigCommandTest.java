package dev.pylon.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.cli.Cli;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigCommandTest {
  @TempDir private Path folder;

  private Cli.Result run(String line) {
    return Cli.in(folder)
        .with("PYLON_ADMIN_TOKEN", "hush-hush-hush")
        .with("PYLON_CORS_ORIGIN", "https://a.example")
        .run(line.split(" "));
  }

  @Test
  void everySettingIsShownWithItsOrigin() throws IOException {
    Files.writeString(folder.resolve(".env"), "PYLON_PORT=5001\nPYLON_DRAIN_SECS=1500ms");

    Cli.Result result = run("config show --origin");

    assertThat(result.status()).isEqualTo(ExitStatus.OK);
    assertThat(result.out().lines()).hasSize(Settings.ALL.size());
    assertThat(result.out())
        .contains("PYLON_PORT\t5001\t.env\n")
        .contains("PYLON_DRAIN_SECS\t1500ms\t.env\n")
        .contains("PYLON_HOST\t127.0.0.1,::1\tdefault\n")
        .contains("PYLON_CORS_ORIGIN\thttps://a.example\tthe environment\n")
        .contains("PYLON_RATE_LIMIT_MAX\t100000\tdefault\n")
        .contains("PYLON_JOBS_DB\t-\tdefault\n");
  }

  @Test
  void forServeThereAreNoFilesAndOtherDefaults() throws IOException {
    Files.writeString(folder.resolve(".env"), "PYLON_PORT=5001");

    assertThat(run("config show --serve").out())
        .contains("PYLON_PORT\t4321\n")
        .contains("PYLON_HOST\t0.0.0.0\n")
        .contains("PYLON_RATE_LIMIT_MAX\t600\n");
  }

  @Test
  void whatServeWouldRefuseIsTold() {
    Cli.Result result = Cli.in(folder).run("config", "show", "--serve", "--json");

    assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(result.out()).contains("\"refusals\":[\"PYLON_CORS_ORIGIN is not set\"]");
  }

  @Test
  void whatCannotBeReadIsTold() {
    Cli.Result result = Cli.in(folder).with("PYLON_PORT", "x").run("config", "show");

    assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(result.err())
        .contains("error: PYLON_PORT \"x\": a whole number from 0 to 65535 expected");
  }

  @ParameterizedTest
  @ValueSource(strings = {"config show --origin", "config show --json", "env", "env --json"})
  void aSecretIsNeverShown(String line) {
    assertThat(run(line).out()).contains("***").doesNotContain("hush");
  }

  @Test
  void aPathThatIsAnAddressIsShownWithoutItsPassword() {
    assertThat(
            Cli.in(folder)
                .with("PYLON_DB_PATH", "postgres://u:hush@h/d")
                .run("config", "show")
                .out())
        .contains("PYLON_DB_PATH\tpostgres://***@h/d\n");
  }

  @Test
  void theVariablesAreListedWithWhatTheyDo() {
    assertThat(run("env").out())
        .contains("PYLON_PORT\t(4321)\tThe port; 0 takes any free one.\n")
        .contains("PYLON_FN_CALL_TIMEOUT\t(30s)\tLongest a call may run. In seconds.\n");
    assertThat(run("env --json").out())
        .contains(
            "{\"name\":\"PYLON_ADMIN_TOKEN\",\"description\":\"Bearer token of the"
                + " administrator.\",\"set\":true,\"value\":\"***\"}");
  }

  @Test
  void onlyShowIsThere() {
    assertThat(run("config").status()).isEqualTo(ExitStatus.USAGE);
    assertThat(run("config sho").err()).contains("Did you mean: pylon config show?");
  }
}
