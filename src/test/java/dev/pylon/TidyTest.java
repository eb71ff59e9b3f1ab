package dev.pylon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Reads the tree as text, for what no compiler sees. */
class TidyTest {
  private static final Path MAIN = House.ROOT.resolve("src/main/java");

  /**
   * The rooms of the house with their inner rooms, as the floor plan in ARCHITECTURE.md draws them.
   */
  private static final Set<String> ROOMS =
      Set.of(
          "ai",
          "auth",
          "auth.factors",
          "auth.jwt",
          "auth.oauth",
          "auth.passwords",
          "boot",
          "cli",
          "cli.call",
          "cli.codegen",
          "cli.command",
          "cli.console",
          "cli.data",
          "cli.dev",
          "cli.project",
          "cli.remote",
          "cli.scaffold",
          "cli.schema",
          "cli.text",
          "cli.traces",
          "config",
          "db",
          "db.postgres",
          "db.sqlite",
          "email",
          "email.smtp",
          "functions",
          "functions.protocol",
          "functions.runtime",
          "jobs",
          "json",
          "model",
          "outbound",
          "policy",
          "process",
          "schema",
          "server",
          "server.http",
          "server.metrics",
          "server.openapi",
          "server.routes",
          "server.sse",
          "store",
          "store.migration",
          "store.query",
          "store.search",
          "trace",
          "trace.otlp");

  private static final List<String> TEXT_ENDINGS =
      List.of(".java", ".ts", ".md", ".xml", ".sh", ".bash", ".zsh", ".fish", ".json");

  @Test
  void everyPackageSaysWhatItIsForAndIsNullMarked() {
    assertThat(packages())
        .allSatisfy(folder ->
            assertThat(text(folder.resolve("package-info.java")))
                .as("%s/package-info.java", folder)
                .startsWith("/**")
                .contains("@NullMarked\npackage " + name(folder) + ";"));
  }

  @Test
  void noRoomIsUnknownToTheFloorPlan() {
    assertThat(packages())
        .extracting(folder -> name(folder).substring("dev.pylon.".length()))
        .isSubsetOf(ROOMS);
  }

  @Test
  void theArchitecturePageNamesEveryRoom() {
    String page = text(House.ROOT.resolve("src/docs/ARCHITECTURE.md"));

    assertThat(packages())
        .extracting(folder -> name(folder).substring("dev.pylon.".length()))
        .allSatisfy(room -> assertThat(page).contains("`" + room + "`"));
  }

  @Test
  void importsNameWhatTheyImport() {
    Pattern wildcard = Pattern.compile("(?m)^import (static )?[\\w.]+\\.\\*;");

    assertThat(offending(".java", text -> wildcard.matcher(text).find())).isEmpty();
  }

  @Test
  void nothingIsLeftForLater() {
    // Written apart, so that this page does not find itself.
    Pattern marker =
        Pattern.compile("(//|\\*|#|<!--)\\s*(TO" + "DO|FIX" + "ME|XX" + "X|HA" + "CK)\\b");

    assertThat(
            TEXT_ENDINGS.stream()
                .flatMap(ending -> offending(ending, text -> marker.matcher(text).find()).stream()))
        .isEmpty();
  }

  @Test
  void nobodySleeps() {
    Pattern sleep = Pattern.compile("Thread\\.sl" + "eep|TimeUnit\\.\\w+\\.sl" + "eep");

    assertThat(offending(".java", text -> sleep.matcher(text).find())).isEmpty();
  }

  @Test
  void theTopLevelHoldsOnlyWhatAStrangerLooksFor() {
    try (Stream<Path> top = Files.list(House.ROOT)) {
      assertThat(
              top.map(path -> path.getFileName().toString())
                  // A JVM that is being looked at puts such a file where it stands, for a moment.
                  .filter(name -> !name.startsWith(".attach_pid")))
          .isSubsetOf(
              "pom.xml",
              "src",
              "bin",
              "completions",
              "README.md",
              "LICENSE",
              ".ci",
              ".cifuzz-corpus", // what .ci/fuzz has found, which git does not see
              ".gitignore",
              ".git",
              "target");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> packages() {
    List<Path> folders =
        files(MAIN, ".java").stream().map(Path::getParent).distinct().sorted().toList();
    assertThat(folders).hasSizeGreaterThan(10);
    return folders;
  }

  private static String name(Path folder) {
    return MAIN.relativize(folder).toString().replace('/', '.').replace('\\', '.');
  }

  /** Files of the repository whose text is bad, by name. */
  private static Set<String> offending(String ending, Predicate<String> bad) {
    var found = new TreeSet<String>();
    for (Path file : files(House.ROOT, ending)) {
      if (bad.test(text(file))) {
        found.add(House.ROOT.relativize(file).toString());
      }
    }
    return found;
  }

  private static List<Path> files(Path folder, String ending) {
    Path built = House.ROOT.resolve("target");
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(path -> path.toString().endsWith(ending))
          .filter(path -> !path.startsWith(built) && !path.toString().contains("node_modules"))
          .filter(Files::isRegularFile)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }
}
