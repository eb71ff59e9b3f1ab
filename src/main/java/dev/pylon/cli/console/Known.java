package dev.pylon.cli.console;

import java.util.ArrayList;
import java.util.List;

/**
 * A function that can be completed.
 *
 * @param keys names of its arguments
 */
public record Known(String name, String kind, List<String> keys) {
  public Known {
    keys = List.copyOf(keys);
  }

  /** The functions in {@code .pylon/completion.tsv}: name, kind, keys with spaces between. */
  public static List<Known> parse(List<String> lines) {
    var known = new ArrayList<Known>();
    for (String line : lines) {
      String[] cells = line.split("\t", -1);
      if (cells.length == 3) {
        List<String> keys = cells[2].isBlank() ? List.of() : List.of(cells[2].split(" "));
        known.add(new Known(cells[0], cells[1], keys));
      }
    }
    return known;
  }

  /** What may stand where {@code word} is being typed, as whole words. */
  static List<String> completions(List<Known> functions, List<String> before, String word) {
    if (before.isEmpty()) {
      return functions.stream().map(Known::name).filter(name -> name.startsWith(word)).toList();
    }
    return functions.stream()
        .filter(function -> function.name.equals(before.getFirst()))
        .flatMap(function -> function.keys.stream())
        .map(key -> key + "=")
        .filter(key -> key.startsWith(word))
        .filter(key -> before.stream().noneMatch(given -> given.startsWith(key)))
        .toList();
  }
}
