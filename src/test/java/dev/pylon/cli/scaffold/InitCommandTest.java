package dev.pylon.cli.scaffold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.cli.Cli;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitCommandTest {
  @TempDir private Path folder;

  @Test
  void aProjectHoldsAllItsFilesNameThem() throws IOException {
    Cli.Result result = Cli.in(folder).run("init", "My-Notes", "--json");

    Map<String, Object> answer = Json.parseObject(result.out().getBytes());
    assertThat(answer)
        .containsEntry("code", "INIT_OK")
        .containsEntry("name", "my-notes")
        .containsEntry("frontend", "none")
        .containsEntry("path", folder.resolve("My-Notes").toString());
    assertThat((List<?>) answer.get("files"))
        .isNotEmpty()
        .allSatisfy(
            file -> assertThat(folder.resolve("My-Notes").resolve(file.toString())).exists());
    assertThat(Files.readString(folder.resolve("My-Notes/app.ts"))).contains("name: \"my-notes\"");
  }

  @Test
  void typesLieWhereTheTypeScriptConfigurationPoints() throws IOException {
    Cli.in(folder).run("init", "p");

    Map<String, Object> config =
        Json.parseObject(Files.readAllBytes(folder.resolve("p/tsconfig.json")));
    Map<?, ?> paths = (Map<?, ?>) ((Map<?, ?>) config.get("compilerOptions")).get("paths");
    assertThat(paths.values())
        .hasSize(4)
        .allSatisfy(targets ->
            assertThat(
                    folder
                        .resolve("p")
                        .resolve(((List<?>) targets).getFirst().toString())
                        .normalize())
                .exists());
  }

  @Test
  void anEmptyFolderWillDoAFullOneWillNot() throws IOException {
    assertThat(Cli.in(Files.createDirectory(folder.resolve("empty"))).run("init", ".").status())
        .isEqualTo(ExitStatus.OK);

    Files.createDirectory(folder.resolve("full"));
    Files.writeString(folder.resolve("full/mine.txt"), "mine");
    Cli.Result result = Cli.in(folder).run("init", "full", "--json");

    assertThat(result.status()).isEqualTo(ExitStatus.FAILED);
    assertThat(result.out()).contains("\"INIT_DIR_EXISTS\"");
    assertThat(folder.resolve("full"))
        .isDirectoryContaining("glob:**mine.txt")
        .isDirectoryNotContaining("glob:**app.ts");
  }

  @ParameterizedTest
  @CsvSource({
    "init --json, INIT_NO_PATH, 64",
    "init --json bad!name, INIT_INVALID_NAME, 64",
    "init --json x --template fancy, INIT_UNKNOWN_TEMPLATE, 64",
    "init --json x --frontend cobol, INIT_UNKNOWN_FRONTEND, 64"
  })
  void refusalsHaveTheCodesOfTheContract(String line, String code, int exit) {
    Cli.Result result = Cli.in(folder).run(line.split(" "));

    assertThat(result.out()).contains("\"" + code + "\"");
    assertThat(result.status().code()).isEqualTo(exit);
  }
}
