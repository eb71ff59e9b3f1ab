package dev.pylon.policy;

import dev.pylon.policy.Expression.Affix;
import dev.pylon.policy.Expression.Calculation;
import dev.pylon.policy.Expression.Literal;
import dev.pylon.policy.Expression.Operator;
import dev.pylon.policy.Expression.Path;
import dev.pylon.policy.Expression.Span;
import dev.pylon.policy.Token.Kind;
import dev.pylon.store.query.Condition.Comparison;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From words to a tree. What binds loosest stands first:
 *
 * <pre>
 * expr    = and { "||" and }
 * and     = cmp { "&amp;&amp;" cmp }
 * cmp     = sum [ ("==" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;=") sum | "in" (list | path) ]
 * sum     = product { ("+" | "-") product }
 * product = unary { ("*" | "/" | "%") unary }
 * unary   = ("!" | "-") unary | primary
 * primary = "true" | "false" | "null" | text | number | "(" expr ")" | call | path
 * </pre>
 *
 * <p>{@code !x == y} is {@code (!x) == y}. Comparisons do not chain. An object serves one rule.
 */
final class RuleParser {
  /**
   * How deep a rule may be nested: 1 by itself, 2 for each bracket, 1 for each {@code !}. Bounds
   * the recursion here and in whoever walks the tree.
   */
  private static final int DEPTH_MAX = 64;

  private final List<Token> tokens;
  private int next;
  private int depth = 1;

  private RuleParser(List<Token> tokens) {
    this.tokens = tokens;
  }

  static Expression parse(String rule) throws RuleSyntaxException {
    var parser = new RuleParser(Lexer.tokens(rule));
    Expression expression = parser.or();
    Token rest = parser.peek();
    if (rest.kind() != Kind.END) {
      throw new RuleSyntaxException(rest.at(), "%s does not belong here".formatted(rest.shown()));
    }
    return expression;
  }

  // ---- words ----

  private Token peek() {
    return tokens.get(next);
  }

  private Token take() {
    Token token = tokens.get(next);
    if (token.kind() != Kind.END) {
      next++;
    }
    return token;
  }

  private boolean takes(String sign) {
    boolean found = peek().is(sign);
    next += found ? 1 : 0;
    return found;
  }

  private void require(String sign) throws RuleSyntaxException {
    if (!takes(sign)) {
      throw new RuleSyntaxException(
          peek().at(), "\"%s\" is missing before %s".formatted(sign, peek().shown()));
    }
  }

  /** What was read since the word that begins at {@code start}. */
  private Span since(int start) {
    return new Span(start, tokens.get(Math.max(0, next - 1)).end());
  }

  private void deeper(int levels, int at) throws RuleSyntaxException {
    depth += levels;
    if (depth > DEPTH_MAX) {
      throw new RuleSyntaxException(at, "the rule is nested too deep");
    }
  }

  // ---- the grammar ----

  private Expression or() throws RuleSyntaxException {
    int start = peek().at();
    Expression first = and();
    if (!peek().is("||")) {
      return first;
    }
    var parts = new ArrayList<>(List.of(first));
    while (takes("||")) {
      parts.add(and());
    }
    return new Expression.Or(parts, since(start));
  }

  private Expression and() throws RuleSyntaxException {
    int start = peek().at();
    Expression first = comparison();
    if (!peek().is("&&")) {
      return first;
    }
    var parts = new ArrayList<>(List.of(first));
    while (takes("&&")) {
      parts.add(comparison());
    }
    return new Expression.And(parts, since(start));
  }

  private Expression comparison() throws RuleSyntaxException {
    int start = peek().at();
    Expression left = sum();
    Comparison comparison = comparisonSign(peek());
    if (comparison != null) {
      take();
      Expression right = sum();
      return new Expression.Compare(left, comparison, right, since(start));
    }
    if (peek().kind() == Kind.NAME && peek().text().equals("in")) {
      take();
      Expression list = list();
      return new Expression.In(left, list, since(start));
    }
    return left;
  }

  private static @Nullable Comparison comparisonSign(Token token) {
    return token.kind() != Kind.SIGN
        ? null
        : switch (token.text()) {
          case "==" -> Comparison.EQUAL;
          case "!=" -> Comparison.NOT_EQUAL;
          case "<" -> Comparison.LESS;
          case "<=" -> Comparison.LESS_OR_EQUAL;
          case ">" -> Comparison.GREATER;
          case ">=" -> Comparison.GREATER_OR_EQUAL;
          default -> null;
        };
  }

  private Expression list() throws RuleSyntaxException {
    int start = peek().at();
    if (takes("[")) {
      var items = new ArrayList<Expression>();
      while (!peek().is("]")) {
        if (!items.isEmpty()) {
          require(",");
        }
        items.add(sum());
      }
      require("]");
      return new Expression.Listed(items, since(start));
    }
    Token name = take();
    if (name.kind() != Kind.NAME) {
      throw new RuleSyntaxException(
          name.at(), "behind \"in\" stands a list such as ['a', 'b'] or auth.roles");
    }
    return Path.of(name.text(), since(start));
  }

  private Expression sum() throws RuleSyntaxException {
    int start = peek().at();
    Expression left = product();
    for (Operator operator = operator(Operator.PLUS, Operator.MINUS);
        operator != null;
        operator = operator(Operator.PLUS, Operator.MINUS)) {
      left = calculation(left, operator, product(), start);
    }
    return left;
  }

  private Expression product() throws RuleSyntaxException {
    int start = peek().at();
    Expression left = unary();
    for (Operator operator = operator(Operator.TIMES, Operator.DIVIDED_BY, Operator.MODULO);
        operator != null;
        operator = operator(Operator.TIMES, Operator.DIVIDED_BY, Operator.MODULO)) {
      left = calculation(left, operator, unary(), start);
    }
    return left;
  }

  /** Long chains are as deep as they are long. */
  private Expression calculation(Expression left, Operator operator, Expression right, int start)
      throws RuleSyntaxException {
    deeper(1, start);
    return new Calculation(left, operator, right, since(start));
  }

  private @Nullable Operator operator(Operator... allowed) {
    for (Operator operator : allowed) {
      if (takes(operator.sign())) {
        return operator;
      }
    }
    return null;
  }

  private Expression unary() throws RuleSyntaxException {
    Token sign = peek();
    if (takes("!")) {
      deeper(1, sign.at());
      Expression part = unary();
      depth--;
      return new Expression.Not(part, since(sign.at()));
    }
    if (takes("-")) {
      deeper(1, sign.at());
      Expression part = unary();
      depth--;
      return negative(part, since(sign.at()));
    }
    return primary();
  }

  private static Expression negative(Expression part, Span span) {
    return switch (part) {
      case Literal(Long number, _) -> new Literal(-number, span);
      case Literal(Double number, _) -> new Literal(-number + 0.0, span);
      default -> new Calculation(new Literal(0L, span), Operator.MINUS, part, span);
    };
  }

  private Expression primary() throws RuleSyntaxException {
    Token token = take();
    return switch (token.kind()) {
      case TEXT -> new Literal(token.text(), since(token.at()));
      case NUMBER -> new Literal(number(token), since(token.at()));
      case NAME -> peek().is("(") ? call(token) : named(token);
      case SIGN -> {
        if (!token.is("(")) {
          throw missing(token);
        }
        deeper(2, token.at());
        Expression inside = or();
        depth -= 2;
        require(")");
        yield inside;
      }
      case END -> throw missing(token);
    };
  }

  private static RuleSyntaxException missing(Token token) {
    return new RuleSyntaxException(
        token.at(), "a value is missing before %s".formatted(token.shown()));
  }

  /** As JSON reads it: a whole number of 64 bits, or the nearest double. */
  private static Object number(Token token) {
    try {
      return Long.valueOf(token.text());
    } catch (NumberFormatException _) {
      return Double.valueOf(token.text());
    }
  }

  private Expression named(Token name) {
    Span span = since(name.at());
    return switch (name.text()) {
      case "true" -> new Literal(true, span);
      case "false" -> new Literal(false, span);
      case "null" -> new Literal(null, span);
      case String path -> Path.of(path, span);
    };
  }

  // ---- functions ----

  private Expression call(Token name) throws RuleSyntaxException {
    require("(");
    return switch (name.text()) {
      case "auth.hasRole" -> {
        List<String> roles = texts();
        if (roles.size() != 1) {
          throw new RuleSyntaxException(name.at(), "auth.hasRole takes one text");
        }
        yield new Expression.HasRole(roles, since(name.at()));
      }
      case "auth.hasAnyRole" -> new Expression.HasRole(texts(), since(name.at()));
      case "starts_with" -> affix(name, Affix.End.START);
      case "ends_with" -> affix(name, Affix.End.END);
      default ->
          throw new RuleSyntaxException(
              name.at(),
              "unknown function \"%s\"; there are auth.hasRole, auth.hasAnyRole, starts_with and"
                      .formatted(name.text())
                  + " ends_with");
    };
  }

  private List<String> texts() throws RuleSyntaxException {
    var texts = new ArrayList<String>();
    do {
      Token text = take();
      if (text.kind() != Kind.TEXT) {
        throw new RuleSyntaxException(
            text.at(), "a text in quotes is wanted, not %s".formatted(text.shown()));
      }
      texts.add(text.text());
    } while (takes(","));
    require(")");
    return texts;
  }

  private Expression affix(Token name, Affix.End end) throws RuleSyntaxException {
    deeper(2, name.at());
    Expression text = sum();
    require(",");
    Expression part = sum();
    depth -= 2;
    require(")");
    return new Affix(end, text, part, since(name.at()));
  }
}
