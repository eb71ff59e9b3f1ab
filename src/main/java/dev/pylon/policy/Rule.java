package dev.pylon.policy;

import org.jspecify.annotations.Nullable;

/**
 * One expression of a policy, read.
 *
 * @param policy the name of the policy
 * @param member where in the policy it stands: {@code allowRead}, {@code allow}, …
 * @param text as its author wrote it
 */
record Rule(String policy, String member, String text, Meaning meaning) {

  /** What became of the text. */
  sealed interface Meaning {
    record Read(Expression expression) implements Meaning {}

    /** It holds for nobody. {@code at} counts characters from 0. */
    record Broken(int at, String message) implements Meaning {}
  }

  static Rule of(String policy, String member, String text) {
    return new Rule(policy, member, text, read(text));
  }

  private static Meaning read(String text) {
    try {
      return new Meaning.Read(RuleParser.parse(text));
    } catch (RuleSyntaxException e) {
      return new Meaning.Broken(e.at(), String.valueOf(e.getMessage()));
    }
  }

  Truth truth(Facts facts) {
    return switch (meaning) {
      case Meaning.Read(var expression) -> new Evaluation(facts).truth(expression);
      case Meaning.Broken _ -> Truth.FALSE;
    };
  }

  /** The tree; null where the text is broken. */
  @Nullable Expression expression() {
    return meaning instanceof Meaning.Read(var expression) ? expression : null;
  }
}
