package dev.pylon.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.config.DbConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFileTest {
  @TempDir Path folder;

  @Test
  void whatIsMadeIsForItsOwnerAlone() throws IOException {
    Path file = folder.resolve("deeper/sessions.db");

    PrivateFile.make(file);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void theDatabaseIsOne() throws IOException {
    Path file = folder.resolve("shop.db");

    Pylon.open(new DbConfig(file, null, false, 1_000)).close();

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void whatIsThereStaysAsItIs() throws IOException {
    Path file = Files.writeString(folder.resolve("sessions.db"), "kept");

    PrivateFile.make(file);

    assertThat(file).hasContent("kept");
  }
}
