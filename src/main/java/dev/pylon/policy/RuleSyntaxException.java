package dev.pylon.policy;

/** A rule that cannot be read. Ends in {@link Rule}, which then holds for nobody. */
final class RuleSyntaxException extends Exception {
  private final int at;

  /**
   * @param at where, in characters from 0
   */
  RuleSyntaxException(int at, String message) {
    super(message);
    this.at = at;
  }

  int at() {
    return at;
  }
}
