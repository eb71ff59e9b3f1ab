package dev.pylon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvFileTest {
  @TempDir private Path folder;

  @Test
  void linesAreNamesAndValues() {
    var found =
        EnvFile.parse(
            """
            # a comment
            PLAIN=one two
              export EXPORTED = yes
            COMMENTED=value # not this
            HASH=a#b
            EMPTY=
            URL=postgres://u:p$1@h/db?a=b
            not a line
            2BAD=x
            LAST=first
            LAST=second
            """);

    assertThat(found)
        .containsExactly(
            entry("PLAIN", "one two"),
            entry("EXPORTED", "yes"),
            entry("COMMENTED", "value"),
            entry("HASH", "a#b"),
            entry("EMPTY", ""),
            entry("URL", "postgres://u:p$1@h/db?a=b"),
            entry("LAST", "second"));
  }

  @Test
  void quotesKeepWhatIsInside() {
    var found =
        EnvFile.parse(
            """
            SINGLE='a # b \\n'
            DOUBLE="a \\"b\\" \\n c" # comment
            BACK=`it's "fine"`
            KEY="-----BEGIN
            line
            -----END"
            AFTER=1
            OPEN="never closed
            """);

    assertThat(found)
        .containsExactly(
            entry("SINGLE", "a # b \\n"),
            entry("DOUBLE", "a \"b\" \n c"),
            entry("BACK", "it's \"fine\""),
            entry("KEY", "-----BEGIN\nline\n-----END"),
            entry("AFTER", "1"),
            entry("OPEN", "\"never closed"));
  }

  @Test
  void carriageReturnsAndAByteOrderMarkDoNotStick() {
    assertThat(EnvFile.parse("\uFEFFA=1\r\nB='2'\r\n"))
        .containsExactly(entry("A", "1"), entry("B", "2"));
  }

  @Test
  void theNearestFolderWithOneIsRead() throws IOException {
    Path inner = Files.createDirectories(folder.resolve("apps/api"));
    Files.writeString(folder.resolve(".env"), "A=outer");
    Files.writeString(folder.resolve("apps/.env"), "A=middle");
    Files.writeString(folder.resolve("apps/.env.local"), "A=local");

    var files = EnvFile.near(inner);

    assertThat(files)
        .extracting(file -> file.variables().get("A"))
        .containsExactly("local", "middle");
  }
}
