package dev.pylon.acceptance.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.acceptance.matrix.DeskServer.Change;
import dev.pylon.acceptance.matrix.DeskServer.Reply;
import dev.pylon.acceptance.matrix.MatrixPage.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Every endpoint, asked by every kind of caller, on every database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EndpointMatrixContract {
  private static final Pattern MARK = Pattern.compile("#([a-z]+(?:\\.[a-z]+)?)");
  private static final Pattern CODE = Pattern.compile("^\\{\"error\":\\{\"code\":\"([A-Z_]+)\"");

  /** What no answer says to anybody. */
  private static final Pattern UNSAYABLE =
      Pattern.compile("(?i:jdbc|exception|argon2)|SELECT |FROM \\\\\"|at dev\\.pylon");

  private @Nullable DeskServer server;
  private @Nullable Keyring keyring;
  private MatrixPage page = new MatrixPage(List.of());

  abstract DeskServer start(Path folder) throws IOException;

  /** What comes of a request for {@code who} where the table says {@code outcome}. */
  Outcome here(Who who, Outcome outcome) {
    return outcome;
  }

  /** Those who ask. */
  Set<Who> asking() {
    return EnumSet.allOf(Who.class);
  }

  @BeforeAll
  void open(@TempDir Path folder) throws IOException {
    page = MatrixPage.all();
    server = start(folder);
    keyring = new Keyring(server);
  }

  @AfterAll
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  // ---- the table is whole ----

  private Set<String> served() {
    return server.endpoints().stream()
        .map(endpoint -> endpoint.method() + " " + endpoint.path())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Set<String> listed() {
    return page.rows().stream().map(Row::endpoint).collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyEndpointHasARow() {
    var missing = served();
    missing.removeAll(listed());

    assertThat(missing)
        .as(
            """
            These endpoints are served, and nobody says what callers are answered.
            Add for each, in the page of its area in %s (auth.matrix, data.matrix, …), the lines
              == METHOD /path/as/{registered}
              METHOD /path/as/asked {"body": 1}
                ann: 200 says `"part of the answer"`
                others: 401 AUTH_REQUIRED
            README.txt there has the form; a wrong line fails with what was really answered.
            """,
            MatrixPage.FOLDER)
        .isEmpty();
  }

  @Test
  void everyRowIsOfAnEndpoint() {
    var unknown = listed();
    unknown.removeAll(served());

    assertThat(unknown)
        .as(
            """
            These are in the table and not served: remove them from the pages in %s.
            One that was not built and is now: its line goes from unbuilt.txt.
            """,
            MatrixPage.FOLDER)
        .isEmpty();
  }

  @Test
  void everyRowSaysWhatComesOfItForEverybody() {
    for (Row row : page.rows()) {
      assertThat(row.outcomes().keySet())
          .as("%s: %s %s", row.place(), row.method(), row.path())
          .containsExactlyInAnyOrder(Who.values());
      assertThat(row.path().replaceFirst("\\?.*", ""))
          .as("%s is a path of %s", row.place(), row.endpoint())
          .matches(asPattern(row.endpoint().split(" ", 2)[1]));
    }
  }

  private static String asPattern(String path) {
    return Stream.of(path.split("/", -1))
        .map(segment ->
            segment.endsWith("...}")
                ? ".+"
                : segment.startsWith("{") ? "[^/]+" : Pattern.quote(segment))
        .collect(Collectors.joining("/"));
  }

  // ---- the table is true ----

  @TestFactory
  Stream<DynamicTest> whoAsksIsAnsweredAsTheTableSays() {
    return page.rows().stream()
        .map(row ->
            DynamicTest.dynamicTest(
                "%s %s %s (%s)".formatted(row.method(), row.path(), row.body(), row.place()),
                () -> check(row)));
  }

  private void check(Row row) {
    var wrong = new ArrayList<String>();
    var answers = new LinkedHashMap<String, List<String>>();
    for (Who who : asking()) {
      Outcome expected = row.outcomes().get(who);
      if (expected != null) {
        Outcome actual = check(row, who, here(who, expected), wrong);
        answers.computeIfAbsent(actual.text(), _ -> new ArrayList<>()).add(who.word());
      }
    }
    if (!wrong.isEmpty()) {
      var lines = new ArrayList<String>();
      answers.forEach(
          (answer, who) -> lines.add("  %s: %s".formatted(String.join(", ", who), answer)));
      throw new AssertionError(
          "%s: %s %s is not answered as %s says%n%s%nThis was answered, right or not:%n%s"
              .formatted(
                  row.endpoint(),
                  row.method(),
                  row.path(),
                  row.place(),
                  String.join("\n", wrong),
                  String.join("\n", lines)));
    }
  }

  private Outcome check(Row row, Who who, Outcome expected, List<String> wrong) {
    String number = String.valueOf(server.number());
    Outcome wanted = filled(expected, who, number);
    long before = server.seq();
    Reply reply =
        server.ask(
            row.method(),
            fill(row.path(), who, number),
            keyring.header(who) + fill(row.headers(), who, number),
            fill(row.body(), who, number),
            wanted.status() == 200 && row.path().contains("follow=") ? wanted.says() : List.of());
    List<Change> changes = server.changesAfter(before);
    List<String> secrets = keyring.secrets();
    Outcome actual = actual(reply, changes, wanted);
    if (!actual.equals(wanted)) {
      wrong.add(
          "  %s: %s%n    but was: %s%n    %s"
              .formatted(who.word(), wanted.text(), actual.text(), reply.body()));
    } else if (UNSAYABLE.matcher(reply.body()).find()
        || (who != Who.ADMIN && reply.body().contains("\"dev_"))
        || secrets.stream().anyMatch(reply.body()::contains)
        || !reply.headers().containsKey("x-content-type-options")) {
      wrong.add("  %s is told what nobody should be: %s".formatted(who.word(), reply));
    }
    server.undo(changes);
    if (!row.method().equals("GET") && row.path().matches("/api/(auth|admin)/.*")) {
      keyring.restore();
    }
    return actual;
  }

  private static Outcome actual(Reply reply, List<Change> changes, Outcome wanted) {
    Set<String> seen =
        MARK.matcher(reply.body())
            .results()
            .map(mark -> mark.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    Matcher code = CODE.matcher(reply.body());
    boolean asWanted =
        seen.stream().allMatch(wanted::expectsToSee)
            && wanted.sees().stream()
                .allMatch(pattern -> seen.stream().anyMatch(name -> covers(pattern, name)));
    return new Outcome(
        reply.status(),
        code.find() ? code.group(1) : "",
        asWanted ? wanted.sees() : seen,
        wanted.says().stream().filter(reply.body()::contains).toList(),
        changes.stream().map(Change::text).toList());
  }

  private static boolean covers(String pattern, String name) {
    return pattern.endsWith("*")
        ? name.startsWith(pattern.substring(0, pattern.length() - 1))
        : name.equals(pattern);
  }

  // ---- places to fill ----

  private Outcome filled(Outcome outcome, Who who, String number) {
    return new Outcome(
        outcome.status(),
        outcome.code(),
        outcome.sees(),
        outcome.says().stream().map(text -> fill(text, who, number)).toList(),
        outcome.emits().stream().map(text -> fill(text, who, number)).toList());
  }

  /**
   * {@code {me}} is the caller's id, {@code {n}} another number each time, {@code {key}} a key's
   * id.
   */
  private String fill(String text, Who who, String number) {
    Map<String, String> values =
        Map.of("{me}", who.userId().orElse("nobody"), "{n}", number, "{key}", keyring.keyId(who));
    return Pattern.compile("\\{(me|n|key)}")
        .matcher(text)
        .replaceAll((MatchResult place) ->
            Matcher.quoteReplacement(values.getOrDefault(place.group(), "")));
  }
}
