package dev.pylon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.model.PylonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectTest {
  @TempDir private Path folder;

  private void file(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");
  }

  private static void assertRefused(ThrowingCallable work, ConfigError code) {
    assertThatThrownBy(work)
        .isInstanceOfSatisfying(PylonException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void devLooksForAnEntryInAStatedOrder() throws IOException {
    assertRefused(() -> Project.forDev(folder, null), ConfigError.DEV_NO_ENTRY);

    file("pylon.manifest.json");
    assertThat(Project.forDev(folder, null).shownEntry()).isEqualTo("pylon.manifest.json");
    file("apps/api/app.ts");
    assertThat(Project.forDev(folder, null).shownEntry()).isEqualTo("apps/api/app.ts");
    file("src/app.ts");
    assertThat(Project.forDev(folder, null).shownEntry()).isEqualTo("src/app.ts");
    file("schema.ts");
    assertThat(Project.forDev(folder, null).shownEntry()).isEqualTo("schema.ts");
    file("app.ts");
    assertThat(Project.forDev(folder, null).shownEntry()).isEqualTo("app.ts");
  }

  @Test
  void severalAppsAreListedNotGuessed() throws IOException {
    file("apps/b/app.ts");
    file("apps/a/app.ts");

    assertThatThrownBy(() -> Project.forDev(folder, null))
        .hasMessage("Several apps here: apps/a/app.ts, apps/b/app.ts");
  }

  @Test
  void aNamedEntryMustBeThere() {
    assertRefused(
        () -> Project.forDev(folder, Path.of("gone.ts")), ConfigError.DEV_ENTRY_NOT_FOUND);
    assertRefused(
        () -> Project.forServe(folder, Path.of("gone.ts"), null),
        ConfigError.START_ENTRY_NOT_FOUND);
  }

  @Test
  void generatedFilesGoBesideTheEntry() throws IOException {
    file("apps/api/schema.ts");

    Project project = Project.forDev(folder, Path.of("apps/api/schema.ts"));

    assertThat(project.manifest()).isEqualTo(folder.resolve("apps/api/pylon.manifest.json"));
    assertThat(project.client()).isEqualTo(folder.resolve("apps/api/pylon.client.ts"));
    assertThat(project.pylonDirectory()).isEqualTo(folder.resolve("apps/api/.pylon"));
    assertThat(project.root()).isEqualTo(folder);
  }

  @Test
  void serveTakesTheEntryBeforeTheManifest() throws IOException {
    assertRefused(() -> Project.forServe(folder, null, null), ConfigError.START_NO_ENTRY);

    file("pylon.manifest.json");
    file("made/elsewhere.json");
    assertThat(Project.forServe(folder, null, null).entry()).isNull();
    assertThat(Project.forServe(folder, null, Path.of("made/elsewhere.json")).manifest())
        .isEqualTo(folder.resolve("made/elsewhere.json"));
    file("app.ts");
    assertThat(Project.forServe(folder, null, null).entry()).isEqualTo(folder.resolve("app.ts"));
  }
}
