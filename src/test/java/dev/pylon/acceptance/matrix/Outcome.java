package dev.pylon.acceptance.matrix;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What comes of a request, as a line of the table says it: {@code 200 sees todo.ann todo.shared
 * says `"count":2` emits update Todo/t-ann}.
 *
 * @param code of an error, empty where there is none
 * @param sees exactly the marks (see {@link Desk}) in the answer
 * @param says what the answer also contains
 * @param emits exactly the changes that follow, in their order
 */
record Outcome(int status, String code, Set<String> sees, List<String> says, List<String> emits) {
  private static final Pattern FORM =
      Pattern.compile(
          "(\\d{3})(?: ([A-Z_]+))?(?: sees ([^`]+?))?(?: says (`.*`))?(?: emits (.+))?");

  private static final Pattern SAID = Pattern.compile("`([^`]*)`");

  static Outcome parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException("not an outcome: " + text);
    }
    return new Outcome(
        Integer.parseInt(parts.group(1)),
        parts.group(2) == null ? "" : parts.group(2),
        parts.group(3) == null ? Set.of() : Set.of(parts.group(3).strip().split(" +")),
        parts.group(4) == null
            ? List.of()
            : SAID.matcher(parts.group(4)).results().map(said -> said.group(1)).toList(),
        parts.group(5) == null ? List.of() : Arrays.asList(parts.group(5).split(", *")));
  }

  /** Whether a marked {@code name} is to be seen; the table may write {@code todo.*}. */
  boolean expectsToSee(String name) {
    return sees.stream()
        .anyMatch(seen ->
            seen.endsWith("*")
                ? name.startsWith(seen.substring(0, seen.length() - 1))
                : name.equals(seen));
  }

  /** The same line again. */
  String text() {
    var text = new StringBuilder().append(status);
    if (!code.isEmpty()) {
      text.append(' ').append(code);
    }
    if (!sees.isEmpty()) {
      text.append(" sees ").append(String.join(" ", new TreeSet<>(sees)));
    }
    if (!says.isEmpty()) {
      text.append(" says ")
          .append(says.stream().map(said -> "`" + said + "`").collect(Collectors.joining(" ")));
    }
    if (!emits.isEmpty()) {
      text.append(" emits ").append(String.join(", ", emits));
    }
    return text.toString();
  }
}
