package dev.pylon.cli.command;

import java.util.List;

/** The second word of a command that has verbs of its own, as {@code pylon schema push}. */
public final class Verbs {
  private Verbs() {}

  /** No such verb, or none at all. */
  public static Failure unknown(String command, String verb, List<String> verbs) {
    return Failure.usage(
        verb.isEmpty()
            ? "what of the %s? It is one of: %s".formatted(command, String.join(", ", verbs))
            : "unknown: pylon %s \"%s\"; it is one of: %s"
                .formatted(command, verb, String.join(", ", verbs)),
        Suggestions.nearest(verb, verbs)
            .map(name -> "Did you mean: pylon %s %s?".formatted(command, name))
            .orElse("See: pylon " + command + " --help"));
  }

  /**
   * The words that follow a verb.
   *
   * @throws Failure where they are fewer or more; {@code usage} says what should stand there
   */
  public static void requireWords(List<String> words, int least, int most, String usage) {
    if (words.size() < least || words.size() > most) {
      throw Failure.usage("this takes other words", "pylon " + usage);
    }
  }
}
