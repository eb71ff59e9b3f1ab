package dev.pylon.cli.console;

/** A word of the prompt, in which quotes do what they do in a shell. */
final class TypedWord {
  private TypedWord() {}

  /**
   * {@code title="two words"} without the quotes, which held the word together. Those of {@code
   * key:="text"} belong to the JSON and stay.
   */
  static String unquoted(String word) {
    int equals = word.indexOf('=');
    String value = word.substring(equals + 1);
    if (equals < 1 || value.length() < 2) {
      return word;
    }
    char quote = value.charAt(0);
    boolean isQuoted =
        (quote == '"' || quote == '\'') && value.indexOf(quote, 1) == value.length() - 1;
    boolean isJson = quote == '"' && word.charAt(equals - 1) == ':';
    return isQuoted && !isJson
        ? word.substring(0, equals + 1) + value.substring(1, value.length() - 1)
        : word;
  }
}
