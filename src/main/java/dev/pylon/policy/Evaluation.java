package dev.pylon.policy;

import dev.pylon.policy.Expression.Path;
import dev.pylon.policy.Expression.Root;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a rule says about certain {@link Facts}. Stops where the rest cannot matter. Pure. */
final class Evaluation {
  private final Facts facts;

  Evaluation(Facts facts) {
    this.facts = facts;
  }

  /** Whether {@code expression} holds. */
  Truth truth(Expression expression) {
    @Nullable Object value = value(expression);
    return value == Facts.UNKNOWN ? Truth.UNKNOWN : Truth.of(Values.isTrue(value));
  }

  /** What {@code expression} is: a value, or {@link Facts#UNKNOWN}. */
  @Nullable Object value(Expression expression) {
    return switch (expression) {
      case Expression.Literal(var value, _) -> value;
      case Path path -> facts.value(path);
      case Expression.Or(var parts, _) -> asValue(or(parts));
      case Expression.And(var parts, _) -> asValue(and(parts));
      case Expression.Not(var part, _) -> asValue(truth(part).not());
      case Expression.Compare compare -> asValue(compare(compare));
      case Expression.In in -> asValue(in(in));
      case Expression.Listed _ -> null;
      case Expression.HasRole(var roles, _) ->
          roles.stream().anyMatch(role -> facts.caller().roles().contains(role));
      case Expression.Affix(var end, var text, var part, _) -> {
        @Nullable Object whole = value(text);
        @Nullable Object wanted = value(part);
        yield isUnknown(whole, wanted)
            ? Facts.UNKNOWN
            : (Object) Values.hasAffix(end, whole, wanted);
      }
      case Expression.Calculation(var left, var operator, var right, _) -> {
        @Nullable Object one = value(left);
        @Nullable Object other = value(right);
        yield isUnknown(one, other) ? Facts.UNKNOWN : Values.calculate(one, operator, other);
      }
    };
  }

  private static Object asValue(Truth truth) {
    return switch (truth) {
      case TRUE -> true;
      case FALSE -> false;
      case UNKNOWN -> Facts.UNKNOWN;
    };
  }

  private static boolean isUnknown(@Nullable Object one, @Nullable Object other) {
    return one == Facts.UNKNOWN || other == Facts.UNKNOWN;
  }

  private Truth or(List<Expression> parts) {
    Truth found = Truth.FALSE;
    for (Expression part : parts) {
      switch (truth(part)) {
        case TRUE -> {
          return Truth.TRUE;
        }
        case UNKNOWN -> found = Truth.UNKNOWN;
        case FALSE -> {}
      }
    }
    return found;
  }

  private Truth and(List<Expression> parts) {
    Truth found = Truth.TRUE;
    for (Expression part : parts) {
      switch (truth(part)) {
        case FALSE -> {
          return Truth.FALSE;
        }
        case UNKNOWN -> found = Truth.UNKNOWN;
        case TRUE -> {}
      }
    }
    return found;
  }

  private Truth compare(Expression.Compare compare) {
    @Nullable Object left = value(compare.left());
    @Nullable Object right = value(compare.right());
    if (isUnknown(left, right)) {
      return Truth.UNKNOWN;
    }
    boolean holds =
        switch (compare.comparison()) {
          case EQUAL -> equal(compare.left(), left, compare.right(), right);
          case NOT_EQUAL -> !equal(compare.left(), left, compare.right(), right);
          case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
              Values.compare(left, compare.comparison(), right);
        };
    return Truth.of(holds);
  }

  private static boolean equal(
      Expression left, @Nullable Object one, Expression right, @Nullable Object other) {
    return !isNobody(left, one, right) && !isNobody(right, other, left) && Values.equal(one, other);
  }

  /**
   * Whether what the caller lacks meets what a row or an input holds. A caller without an id owns
   * nothing, not even what has no owner; only {@code == null} asks for what is missing.
   */
  static boolean isNobody(Expression callers, @Nullable Object value, Expression other) {
    return value == null
        && callers instanceof Path own
        && own.root() == Root.AUTH
        && other instanceof Path path
        && (path.root() == Root.DATA || path.root() == Root.EXISTING || path.root() == Root.INPUT);
  }

  private Truth in(Expression.In in) {
    @Nullable Object value = value(in.value());
    if (in.list() instanceof Path path) {
      return value == Facts.UNKNOWN
          ? Truth.UNKNOWN
          : Truth.of(
              facts.list(path).stream()
                  .anyMatch(item -> value != null && Values.equal(value, Values.scalar(item))));
    }
    Truth found = Truth.FALSE;
    for (Expression item : ((Expression.Listed) in.list()).items()) {
      @Nullable Object one = value(item);
      if (isUnknown(value, one)) {
        found = Truth.UNKNOWN;
      } else if (equal(in.value(), value, item, one)) {
        return Truth.TRUE;
      }
    }
    return found;
  }
}
