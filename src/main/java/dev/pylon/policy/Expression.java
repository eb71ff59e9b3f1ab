package dev.pylon.policy;

import dev.pylon.store.query.Condition.Comparison;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule as a tree. Brackets leave no trace in it: they only say what belongs together.
 *
 * <p>Each part knows the characters it was read from, {@code start} inclusive, {@code end}
 * exclusive.
 */
sealed interface Expression {
  Span span();

  /** The characters a part was read from. */
  record Span(int start, int end) {
    Span to(Span other) {
      return new Span(Math.min(start, other.start), Math.max(end, other.end));
    }
  }

  /**
   * @param value null, a {@code Boolean}, {@code String}, {@code Long} or {@code Double}
   */
  record Literal(@Nullable Object value, Span span) implements Expression {}

  /** {@code auth.userId}, {@code data.author.id}, {@code existing.status}, {@code input.amount}. */
  record Path(Root root, List<String> steps, Span span) implements Expression {
    public Path {
      steps = List.copyOf(steps);
    }

    static Path of(String name, Span span) {
      // An empty step, as in "data..x", is a name that nothing has.
      List<String> parts = Arrays.asList(name.split("\\.", -1));
      return new Path(Root.of(parts.getFirst()), parts.subList(1, parts.size()), span);
    }

    /** Whether this is a field of the row itself, and not of anything inside of it. */
    boolean isOfRow() {
      return (root == Root.DATA || root == Root.EXISTING) && steps.size() == 1;
    }
  }

  /** Where a path begins. */
  enum Root {
    AUTH,
    DATA,
    EXISTING,
    INPUT,
    /** Anything else: no value. */
    NOTHING;

    private static Root of(String name) {
      return switch (name) {
        case "auth" -> AUTH;
        case "data" -> DATA;
        case "existing" -> EXISTING;
        case "input" -> INPUT;
        default -> NOTHING;
      };
    }
  }

  record Or(List<Expression> parts, Span span) implements Expression {
    public Or {
      parts = List.copyOf(parts);
    }
  }

  record And(List<Expression> parts, Span span) implements Expression {
    public And {
      parts = List.copyOf(parts);
    }
  }

  record Not(Expression part, Span span) implements Expression {}

  record Compare(Expression left, Comparison comparison, Expression right, Span span)
      implements Expression {}

  /** One of the values in {@code list}: a {@link Listed}, or a path to a list. */
  record In(Expression value, Expression list, Span span) implements Expression {}

  /** {@code ['draft', auth.userId]}; stands behind {@code in} only. */
  record Listed(List<Expression> items, Span span) implements Expression {
    public Listed {
      items = List.copyOf(items);
    }
  }

  /** The caller has one of {@code roles}. */
  record HasRole(List<String> roles, Span span) implements Expression {
    public HasRole {
      roles = List.copyOf(roles);
    }
  }

  /** {@code starts_with(text, part)}, {@code ends_with(text, part)}. */
  record Affix(End end, Expression text, Expression part, Span span) implements Expression {
    enum End {
      START,
      END
    }
  }

  record Calculation(Expression left, Operator operator, Expression right, Span span)
      implements Expression {}

  /** How two numbers become one. */
  enum Operator {
    PLUS("+"),
    MINUS("-"),
    TIMES("*"),
    DIVIDED_BY("/"),
    MODULO("%");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }

    String sign() {
      return sign;
    }
  }
}
