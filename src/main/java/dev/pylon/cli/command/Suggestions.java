package dev.pylon.cli.command;

import dev.pylon.model.EditDistance;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds what somebody probably meant (command line contract, 10). */
public final class Suggestions {
  /** What people type, and what they mean by it here. */
  private static final Map<String, String> MEANT =
      Map.of(
          "logs", "traces",
          "log", "traces",
          "trace", "traces",
          "run", "call",
          "invoke", "call",
          "exec", "call",
          "up", "serve",
          "list", "fns",
          "new", "init",
          "create", "init");

  private Suggestions() {}

  /** The command somebody meant by {@code word}. */
  public static Optional<String> command(String word, Collection<String> commands) {
    String meant = MEANT.get(word);
    return meant != null && commands.contains(meant) ? Optional.of(meant) : nearest(word, commands);
  }

  /**
   * The candidate nearest to {@code word}: one that it begins, else one at most a third of its
   * letters away, the first of equals.
   */
  public static Optional<String> nearest(String word, Collection<String> candidates) {
    if (word.length() >= 2) {
      for (String candidate : candidates) {
        if (candidate.startsWith(word)) {
          return Optional.of(candidate);
        }
      }
    }
    int distanceMax = Math.max(1, word.length() / 3);
    Optional<String> nearest = Optional.empty();
    for (String candidate : candidates) {
      int distance = EditDistance.between(word, candidate);
      if (distance <= distanceMax && distance < candidate.length()) {
        nearest = Optional.of(candidate);
        distanceMax = distance - 1;
      }
    }
    return nearest;
  }

  /**
   * The three candidates most like {@code word}, nearest first; those too far away are left out.
   */
  public static List<String> few(String word, Collection<String> candidates) {
    String wanted = word.toLowerCase(Locale.ROOT);
    int distanceMax = Math.max(2, word.length() / 2);
    record Near(String name, int distance) {}
    return candidates.stream()
        .map(name -> {
          String candidate = name.toLowerCase(Locale.ROOT);
          return new Near(
              name, candidate.contains(wanted) ? 0 : EditDistance.between(wanted, candidate));
        })
        .filter(near -> near.distance <= distanceMax)
        .sorted(Comparator.comparingInt(Near::distance))
        .limit(3)
        .map(Near::name)
        .toList();
  }
}
