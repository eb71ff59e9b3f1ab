package dev.pylon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimTest {
  private static final Map<String, Object> FACTS =
      Map.of("pid", 4711L, "mode", "dev", "url", "http://127.0.0.1:4321");

  @TempDir private Path project;
  private Path folder;

  @BeforeEach
  void name() {
    folder = project.resolve(".pylon");
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void theFileIsForItsOwnerAloneAndGoneAfterwards() throws IOException {
    try (Claim claim = Claim.take(folder).orElseThrow()) {
      claim.publish(Map.copyOf(FACTS));

      assertThat(permissions(folder)).isEqualTo("rwx------");
      assertThat(permissions(folder.resolve("dev.json"))).isEqualTo("rw-------");
      assertThat(folder.resolve(".gitignore")).hasContent("*");
    }

    assertThat(folder.resolve("dev.json")).doesNotExist();
  }

  @Test
  void aSecondServerHearsWhoIsThere() {
    try (Claim claim = Claim.take(folder).orElseThrow()) {
      claim.publish(Map.copyOf(FACTS));

      assertThat(Claim.take(folder)).isEmpty();
      assertThat(Claim.taken(folder))
          .hasMessage("pylon dev runs on this project already: pid 4711, http://127.0.0.1:4321");
    }
    Claim.take(folder).orElseThrow().close();
  }

  @Test
  void whatACrashLeftBehindIsStale() throws IOException {
    ProjectFiles.preparePylonFolder(folder);
    Files.writeString(folder.resolve("dev.json"), "{\"pid\":1}");
    Files.writeString(folder.resolve("dev.lock"), "");

    try (var _ = Claim.take(folder).orElseThrow()) {
      assertThat(folder.resolve("dev.json")).doesNotExist();
    }
  }

  @Test
  void aFileThatWouldStayTheSameIsLeftAlone() throws IOException {
    Path file = project.resolve("pylon.client.ts");

    assertThat(ProjectFiles.write(file, "one")).isTrue();
    assertThat(ProjectFiles.write(file, "one")).isFalse();
    assertThat(ProjectFiles.write(file, "two")).isTrue();
    assertThat(file).hasContent("two");
    try (var entries = Files.list(project)) {
      assertThat(entries).containsExactly(file);
    }
  }
}
