package dev.pylon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintsTest {
  @TempDir private Path folder;
  private final Fingerprints fingerprints = new Fingerprints();

  private Path file(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }

  @Test
  void aTouchIsNoChange() throws IOException {
    Path file = file("a.ts", "one");
    fingerprints.remember(List.of(file));

    file("a.ts", "one");
    assertThat(fingerprints.changed(List.of(file))).isEmpty();

    file("a.ts", "two");
    assertThat(fingerprints.changed(List.of(file))).containsExactly(file);
    assertThat(fingerprints.changed(List.of(file))).isEmpty();
  }

  @Test
  void filesComeAndGo() throws IOException {
    Path file = file("a.ts", "one");
    assertThat(fingerprints.changed(List.of(file))).containsExactly(file);

    Files.delete(file);
    assertThat(fingerprints.changed(List.of(file))).containsExactly(file);
    assertThat(fingerprints.changed(List.of(file))).isEmpty();

    file("a.ts", "one");
    assertThat(fingerprints.changed(List.of(file))).containsExactly(file);
  }

  @Test
  void aFileThatWasNeverThereIsNoChange() {
    assertThat(fingerprints.changed(List.of(folder.resolve("temporary")))).isEmpty();
  }

  @Test
  void aDeletedFolderTakesItsFilesAlong() throws IOException {
    Path inside = file("lib/a.ts", "one");
    fingerprints.remember(List.of(inside));

    Files.delete(inside);
    Files.delete(folder.resolve("lib"));

    assertThat(fingerprints.changed(List.of(folder.resolve("lib")))).containsExactly(inside);
  }
}
