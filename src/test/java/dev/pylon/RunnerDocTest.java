package dev.pylon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code src/docs/RUNNER.md} says which test shows what: every one it names is there. */
class RunnerDocTest {
  private static final Path DOC = Path.of("src/docs/RUNNER.md");
  private static final Path TESTS = Path.of("src/test");

  /** {@code `Class`} or {@code `Class.method`}, where the class is one of tests. */
  private static final Pattern NAMED =
      Pattern.compile("`(\\w+(?:Test|IT|Contract))(?:\\.(\\w+))?`");

  @Test
  void everyTestItNamesExists() throws IOException {
    Map<String, String> sources = sources();
    List<MatchResult> named = NAMED.matcher(Files.readString(DOC)).results().toList();

    assertThat(named).hasSizeGreaterThan(80);
    assertThat(named)
        .allSatisfy(name -> {
          assertThat(sources).containsKey(name.group(1));
          if (name.group(2) != null) {
            assertThat(sources.get(name.group(1))).contains("void " + name.group(2) + "(");
          }
        });
  }

  @Test
  void everyPointAndEveryWeaknessHasItsRow() throws IOException {
    String doc = Files.readString(DOC);

    for (int point = 1; point <= 30; point++) {
      assertThat(doc).containsPattern("\n\\| (13, )?" + point + "(, 14)? \\|");
    }
    for (int weakness = 1; weakness <= 35; weakness++) {
      assertThat(doc).contains("\n| W" + weakness + " |");
    }
  }

  private static Map<String, String> sources() throws IOException {
    var sources = new HashMap<String, String>();
    try (Stream<Path> files = Files.walk(TESTS)) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .forEach(
              file -> sources.put(file.getFileName().toString().replace(".java", ""), text(file)));
    }
    return sources;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
