package dev.pylon.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.cli.Cli;
import dev.pylon.cli.command.ExitStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainCommandTest {
  @TempDir private Path folder;

  /** Whoever adds a code adds a line to explanations.txt that says what to do about it. */
  @Test
  void everyCodeThatAServerSendsIsExplained() throws IOException {
    var unexplained = new TreeSet<String>();
    try (var in =
        Objects.requireNonNull(getClass().getResourceAsStream("/dev/pylon/error-codes.txt"))) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split(" ")[0])
          .forEach(unexplained::add);
    }

    unexplained.removeAll(Explanations.all().keySet());

    assertThat(unexplained).as("codes without a line in explanations.txt").isEmpty();
  }

  @Test
  void aCodeIsExplained() {
    Cli.Result result = Cli.in(folder).run("explain", "FN_TIMEOUT");

    assertThat(result.status()).isEqualTo(ExitStatus.OK);
    assertThat(result.out()).startsWith("FN_TIMEOUT  The function took longer");
  }

  @Test
  void anUnknownCodeIsAnsweredWithTheNearest() {
    Cli.Result result = Cli.in(folder).run("explain", "FN_TIMEOUTS");

    assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
    assertThat(result.err()).contains("Did you mean: FN_TIMEOUT?");
  }

  @Test
  void aManifestIsShownByItsParts() throws IOException {
    Files.writeString(
        folder.resolve("pylon.manifest.json"),
        """
        {"manifest_version": 1, "name": "test", "version": "1.0.0", "routes": [],
         "entities": [{"name": "Note", "indexes": [], "fields": [
           {"name": "text", "type": "string", "optional": true, "unique": false}]}]}
        """);

    assertThat(Cli.in(folder).run("explain").out())
        .contains("test 1.0.0")
        .contains("Note")
        .contains("text                 string, optional");
  }

  @Test
  void commandsOfALaterVersionSaySoInOneLine() {
    for (String name : List.of("plugins", "build", "deploy", "cache")) {
      Cli.Result result = Cli.in(folder).run(name, "anything", "--out", "x");

      assertThat(result.status()).isEqualTo(ExitStatus.UNAVAILABLE);
      assertThat(result.err()).startsWith("error: \"pylon " + name + "\" comes with a later");
      assertThat(result.out()).isEmpty();
    }
  }
}
