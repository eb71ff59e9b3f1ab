package dev.pylon.policy;

import dev.pylon.policy.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** From the text of a rule to its words. An object serves one rule. */
final class Lexer {
  /** Characters of a rule; what people write has some hundred. */
  private static final int RULE_CHARS_MAX = 20_000;

  /** Digits of a number. */
  private static final int NUMBER_CHARS_MAX = 30;

  private static final List<String> PAIRS = List.of("==", "!=", "<=", ">=", "&&", "||");
  private static final String SINGLES = "!<>()[],+-*/%";

  private final String rule;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private Lexer(String rule) {
    this.rule = rule;
  }

  /** The words of {@code rule}, and an end. */
  static List<Token> tokens(String rule) throws RuleSyntaxException {
    if (rule.length() > RULE_CHARS_MAX) {
      throw new RuleSyntaxException(
          RULE_CHARS_MAX, "the rule has more than %d characters".formatted(RULE_CHARS_MAX));
    }
    var lexer = new Lexer(rule);
    while (lexer.skipSpace()) {
      lexer.token();
    }
    lexer.tokens.add(new Token(Kind.END, "", rule.length(), rule.length()));
    return lexer.tokens;
  }

  /** Returns whether anything follows. */
  private boolean skipSpace() {
    while (at < rule.length() && " \t\r\n".indexOf(rule.charAt(at)) >= 0) {
      at++;
    }
    return at < rule.length();
  }

  private void token() throws RuleSyntaxException {
    char c = rule.charAt(at);
    if (isNameStart(c)) {
      add(Kind.NAME, nameEnd());
    } else if (isDigit(c)) {
      number();
    } else if (c == '"' || c == '\'') {
      text(c);
    } else if (PAIRS.stream().anyMatch(pair -> rule.startsWith(pair, at))) {
      add(Kind.SIGN, at + 2);
    } else if (SINGLES.indexOf(c) >= 0) {
      add(Kind.SIGN, at + 1);
    } else if (c == '=' || c == '&' || c == '|') {
      throw new RuleSyntaxException(at, "a single \"%1$s\"; \"%1$s%1$s\" is meant".formatted(c));
    } else {
      throw new RuleSyntaxException(
          at, "\"%s\" has no meaning here".formatted(Character.toString(rule.codePointAt(at))));
    }
  }

  private void add(Kind kind, int end) {
    tokens.add(new Token(kind, rule.substring(at, end), at, end));
    at = end;
  }

  private int nameEnd() {
    int end = at;
    while (end < rule.length() && isNamePart(rule.charAt(end))) {
      end++;
    }
    return end;
  }

  private void number() throws RuleSyntaxException {
    int end = digitsEnd(at);
    if (end + 1 < rule.length() && rule.charAt(end) == '.' && isDigit(rule.charAt(end + 1))) {
      end = digitsEnd(end + 1);
    }
    if (end < rule.length() && isNamePart(rule.charAt(end))) {
      throw new RuleSyntaxException(end, "\"%s\" is part of no number".formatted(rule.charAt(end)));
    }
    if (end - at > NUMBER_CHARS_MAX) {
      throw new RuleSyntaxException(
          at, "the number has more than %d characters".formatted(NUMBER_CHARS_MAX));
    }
    add(Kind.NUMBER, end);
  }

  private int digitsEnd(int from) {
    int end = from;
    while (end < rule.length() && isDigit(rule.charAt(end))) {
      end++;
    }
    return end;
  }

  private void text(char quote) throws RuleSyntaxException {
    int start = at++;
    var text = new StringBuilder();
    while (at < rule.length() && rule.charAt(at) != quote) {
      char c = rule.charAt(at++);
      text.append(c == '\\' ? escaped() : c);
    }
    if (at == rule.length()) {
      throw new RuleSyntaxException(start, "the text has no end");
    }
    at++;
    tokens.add(new Token(Kind.TEXT, text.toString(), start, at));
  }

  private char escaped() throws RuleSyntaxException {
    if (at == rule.length()) {
      throw new RuleSyntaxException(at, "the text has no end");
    }
    char c = rule.charAt(at++);
    return switch (c) {
      case '\\', '"', '\'' -> c;
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case '0' -> '\0';
      default ->
          throw new RuleSyntaxException(
              at - 2,
              "unknown escape \"\\%s\"; there are \\\\ \\\" \\' \\n \\r \\t \\0".formatted(c));
    };
  }

  private static boolean isNameStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isNamePart(char c) {
    return isNameStart(c) || isDigit(c) || c == '.';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
