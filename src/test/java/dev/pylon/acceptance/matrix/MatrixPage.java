package dev.pylon.acceptance.matrix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A page of the table. {@code README.txt} beside the pages says how they are written.
 *
 * @param rows in the order of the page
 */
record MatrixPage(List<Row> rows) {
  /** Where the pages are, seen from the top of the repository. */
  static final Path FOLDER = Path.of("src/test/resources/matrix");

  /** Everybody who is not named. */
  private static final String OTHERS = "others";

  private static final Outcome REFUSED = Outcome.parse("401 INVALID_API_KEY");
  private static final Outcome REFUSED_JWT = Outcome.parse("401 INVALID_JWT");
  private static final Outcome REFUSED_PAGE = Outcome.parse("403 CSRF_REJECTED");
  private static final Outcome UNBUILT = Outcome.parse("501 NOT_IMPLEMENTED");

  /**
   * One request and what comes of it for everybody.
   *
   * @param endpoint as it is registered, such as {@code GET /api/entities/{entity}}
   * @param headers each ends in a line break
   * @param place file and line, for who has to look
   */
  record Row(
      String endpoint,
      String method,
      String path,
      String headers,
      String body,
      Map<Who, Outcome> outcomes,
      String place) {}

  /** All pages, and the endpoints that are not built. */
  static MatrixPage all() throws IOException {
    var rows = new ArrayList<Row>();
    List<Path> pages;
    try (var files = Files.list(FOLDER)) {
      pages = files.filter(file -> file.toString().endsWith(".matrix")).sorted().toList();
    }
    for (Path page : pages) {
      rows.addAll(new Reader(page.getFileName().toString()).read(Files.readAllLines(page)));
    }
    int number = 0;
    for (String line : Files.readAllLines(FOLDER.resolve("unbuilt.txt"))) {
      number++;
      if (!line.isBlank() && !line.startsWith("#")) {
        rows.add(unbuilt(line.strip(), "unbuilt.txt:" + number));
      }
    }
    return new MatrixPage(List.copyOf(rows));
  }

  /** Everybody hears the same. */
  private static Row unbuilt(String path, String place) {
    var outcomes = new EnumMap<Who, Outcome>(Who.class);
    for (Who who : Who.values()) {
      outcomes.put(who, who == Who.CROSS_SITE ? REFUSED_PAGE : UNBUILT);
    }
    String asked = path.replaceAll("\\{[^}]*}", "x");
    return new Row("* " + path, "POST", asked, "", "{}", Map.copyOf(outcomes), place);
  }

  /** Reads one page line by line. */
  private static final class Reader {
    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final Pattern REQUEST = Pattern.compile("[A-Z]+ /.*");

    private final String file;
    private final List<Row> rows = new ArrayList<>();
    private String endpoint = "";
    private String request = "";
    private final StringBuilder headers = new StringBuilder();
    private final Map<Who, Outcome> outcomes = new EnumMap<>(Who.class);
    private int number;
    private int begun;

    Reader(String file) {
      this.file = file;
    }

    List<Row> read(List<String> lines) {
      for (String line : lines) {
        number++;
        try {
          read(line);
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(
              "%s:%d: %s".formatted(file, number, e.getMessage()), e);
        }
      }
      end();
      return rows;
    }

    private void read(String line) {
      if (line.isBlank() || line.startsWith("#")) {
        return;
      }
      if (line.startsWith("== ")) {
        end();
        endpoint = line.substring(3).strip();
      } else if (REQUEST.matcher(line).matches()) {
        end();
        request = line.strip();
        begun = number;
      } else if (line.startsWith("  with ")) {
        headers.append(line.substring(7).strip()).append('\n');
      } else {
        int colon = line.indexOf(": ");
        if (!line.startsWith("  ") || colon < 0 || request.isEmpty()) {
          throw new IllegalArgumentException("not a line of the table: " + line);
        }
        Outcome outcome = Outcome.parse(line.substring(colon + 2).strip());
        for (String word : line.substring(0, colon).strip().split("[, ]+")) {
          put(word, outcome);
        }
      }
    }

    private void put(String word, Outcome outcome) {
      if (word.equals(OTHERS)) {
        for (Who who : Who.values()) {
          if (!who.isImplied()) {
            outcomes.putIfAbsent(who, outcome);
          }
        }
        return;
      }
      for (Who who : Who.named(word)) {
        if (outcomes.put(who, outcome) != null) {
          throw new IllegalArgumentException(who.word() + " has two outcomes");
        }
      }
    }

    /**
     * A JWT and a cookie are as good as the session they hold, a bad JWT as bad as a bad key; and
     * what a page of somebody else would write is refused.
     */
    private void imply(String method) {
      Outcome ofKeys = outcomes.get(Who.FORGED_KEY);
      for (Who who : Who.values()) {
        if (who.isBadJwt()) {
          outcomes.putIfAbsent(who, ofKeys == null ? REFUSED_JWT : ofKeys);
        }
      }
      Who.BAD_KEYS.forEach(who -> outcomes.putIfAbsent(who, REFUSED));
      Outcome ofAnn = outcomes.get(Who.ANN);
      if (ofAnn != null) {
        outcomes.putIfAbsent(Who.JWT, ofAnn);
        outcomes.putIfAbsent(Who.COOKIE, ofAnn);
        outcomes.putIfAbsent(Who.CROSS_SITE, READING.contains(method) ? ofAnn : REFUSED_PAGE);
      }
    }

    /** The request that was being read is complete. */
    private void end() {
      if (request.isEmpty()) {
        return;
      }
      String[] parts = request.split(" ", 3);
      imply(parts[0]);
      rows.add(
          new Row(
              endpoint.isEmpty() ? parts[0] + " " + parts[1] : endpoint,
              parts[0],
              parts[1],
              headers.toString(),
              parts.length > 2 ? parts[2] : "",
              Map.copyOf(outcomes),
              file + ":" + begun));
      request = "";
      headers.setLength(0);
      outcomes.clear();
    }
  }
}
