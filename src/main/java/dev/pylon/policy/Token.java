package dev.pylon.policy;

/**
 * A word of a rule.
 *
 * @param text the word; of a text what it means, escapes resolved
 * @param at where it begins, in characters from 0
 * @param end where it has ended
 */
record Token(Kind kind, String text, int at, int end) {

  /** The sorts of words. */
  enum Kind {
    /** A way to a value, a function or a literal: {@code data.ownerId}. */
    NAME,
    TEXT,
    NUMBER,
    /** An operator, a bracket or a comma. */
    SIGN,
    END
  }

  boolean is(String sign) {
    return kind == Kind.SIGN && text.equals(sign);
  }

  /** What a message calls it. */
  String shown() {
    return switch (kind) {
      case NAME, NUMBER, SIGN -> "\"" + text + "\"";
      case TEXT -> "a text";
      case END -> "the end";
    };
  }
}
