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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Documents that say which test shows what: every test they name is there, every point has a row.
 */
class ProofDocsTest {
  private static final Path RUNNER = Path.of("src/docs/RUNNER.md");
  private static final Path DATA = Path.of("src/docs/DATA.md");
  private static final Path TERMINAL = Path.of("src/docs/TERMINAL.md");
  private static final Path AUTH = Path.of("src/docs/AUTH.md");
  private static final Path TESTS = Path.of("src/test");

  /** {@code `Class`} or {@code `Class.method`}, where the class is one of tests. */
  private static final Pattern NAMED =
      Pattern.compile("`(\\w+(?:Test|IT|Contract))(?:\\.(\\w+))?`");

  static List<Path> docs() {
    return List.of(RUNNER, DATA, TERMINAL, AUTH);
  }

  @ParameterizedTest
  @MethodSource("docs")
  void everyTestThatIsNamedExists(Path doc) throws IOException {
    Map<String, String> sources = sources();
    List<MatchResult> named = NAMED.matcher(Files.readString(doc)).results().toList();

    assertThat(named).hasSizeGreaterThan(80);
    assertThat(named)
        .allSatisfy(name -> {
          assertThat(sources).containsKey(name.group(1));
          if (name.group(2) != null) {
            assertThat(sources.get(name.group(1)))
                .containsPattern("(void|Stream<DynamicTest>) " + name.group(2) + "\\(");
          }
        });
  }

  @Test
  void everyPointOfTheRunnerAndEveryWeaknessHasItsRow() throws IOException {
    String doc = Files.readString(RUNNER);

    for (int point = 1; point <= 30; point++) {
      assertThat(doc).containsPattern("\n\\| (13, )?" + point + "(, 14)? \\|");
    }
    requireRows(doc, "W", 35);
  }

  @Test
  void everyCheckOfTheDataLayerAndEveryWeaknessHasItsRow() throws IOException {
    String doc = Files.readString(DATA);

    requireRows(doc, "H", 13);
    requireRows(doc, "R", 10);
    requireRows(doc, "S", 12);
    requireRows(doc, "T", 11);
    requireRows(doc, "X", 10);
    requireRows(doc, "A", 20);
    requireRows(doc, "W", 28);
  }

  @Test
  void everyCheckOfSigningInAndEveryWeaknessHasItsRow() throws IOException {
    String doc = Files.readString(AUTH);

    requireRows(doc, "P", 14);
    requireRows(doc, "A", 12);
    requireRows(doc, "B", 9);
    requireRows(doc, "WA", 15);
    requireRows(doc, "X", 15);
  }

  @Test
  void everyPointAndEveryCheckOfTheCommandLineHasItsRow() throws IOException {
    String doc = Files.readString(TERMINAL);

    requireRows(doc, "P", 16);
    for (int check = 1; check <= 60; check++) {
      assertThat(doc).contains("\n| C%02d |".formatted(check));
    }
  }

  /** One for each of {@code kind}, alone or beside others: {@code S2, S3}. */
  private static void requireRows(String doc, String kind, int count) {
    for (int number = 1; number <= count; number++) {
      assertThat(doc).containsPattern("\n\\| (\\w+, )?" + kind + number + "(, \\w+)? \\|");
    }
  }

  private static Map<String, String> sources() throws IOException {
    var sources = new HashMap<String, String>();
    try (Stream<Path> files = Files.walk(TESTS)) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .forEach(file ->
              sources.merge(
                  file.getFileName().toString().replace(".java", ""), text(file), String::concat));
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
