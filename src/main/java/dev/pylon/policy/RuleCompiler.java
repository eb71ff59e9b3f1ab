package dev.pylon.policy;

import dev.pylon.model.Identity;
import dev.pylon.policy.Expression.Path;
import dev.pylon.policy.Expression.Root;
import dev.pylon.schema.Entity;
import dev.pylon.schema.FieldType.Kind;
import dev.pylon.store.query.Column;
import dev.pylon.store.query.Condition;
import dev.pylon.store.query.Condition.Comparison;
import dev.pylon.store.query.Instants;
import dev.pylon.store.query.Operand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From a read rule to the condition that finds exactly the rows for which it holds, on every
 * database: what {@link Evaluation} says of a row, said of all rows at once. The caller's values
 * are known by then, fields are columns, and what is left is a {@link Condition}.
 *
 * <p>Where a database would judge otherwise than we do, or two databases each in its way, there is
 * no condition and the rows are looked at one by one: sums over fields, and comparisons of two
 * fields of different kinds.
 */
final class RuleCompiler {
  private final Entity entity;

  /** What does not depend on the row, as {@link Evaluation} sees it. */
  private final Evaluation known;

  private final Facts facts;

  /** What a part of a rule is, before any row is looked at. */
  private sealed interface Term {
    /** A value. */
    record Known(@Nullable Object value) implements Term {}

    /** What stands in a column. */
    record Cell(Column column) implements Term {}

    /** True or false, by the row. */
    record Test(Condition condition) implements Term {}

    /** What only a look at the row can tell. */
    record Opaque() implements Term {}
  }

  private static final Term OPAQUE = new Term.Opaque();

  private RuleCompiler(Entity entity, Identity caller) {
    this.entity = entity;
    this.facts = Facts.ofAny(caller, entity);
    this.known = new Evaluation(facts);
  }

  /** The condition that {@code rule} is for {@code caller}; empty where there is none. */
  static Optional<Condition> compile(Expression rule, Entity entity, Identity caller) {
    var compiler = new RuleCompiler(entity, caller);
    return Optional.ofNullable(condition(compiler.term(rule)));
  }

  // ---- from terms to conditions ----

  /** Holds where the term counts as true; null where only a look at the row can tell. */
  private static @Nullable Condition condition(Term term) {
    return switch (term) {
      case Term.Known(var value) -> always(Values.isTrue(value));
      case Term.Cell(var column) ->
          switch (column.kind()) {
            case BOOL -> new Condition.Compare(column, Comparison.EQUAL, true);
            case STRING, RICHTEXT, ID -> new Condition.Compare(column, Comparison.NOT_EQUAL, "");
            case INT, FLOAT, DATETIME -> isNotNull(column);
          };
      case Term.Test(var condition) -> condition;
      case Term.Opaque _ -> null;
    };
  }

  private static Condition always(boolean holds) {
    return holds ? Condition.EVERYTHING : Condition.NOTHING;
  }

  private static Term test(@Nullable Condition condition) {
    if (condition == null) {
      return OPAQUE;
    }
    if (condition.equals(Condition.EVERYTHING) || condition.equals(Condition.NOTHING)) {
      return new Term.Known(condition.equals(Condition.EVERYTHING));
    }
    return new Term.Test(condition);
  }

  static Condition and(List<Condition> parts) {
    var needed = new ArrayList<Condition>();
    for (Condition part : parts) {
      if (part.equals(Condition.NOTHING)) {
        return Condition.NOTHING;
      }
      if (!part.equals(Condition.EVERYTHING)) {
        needed.add(part);
      }
    }
    return needed.size() == 1 ? needed.getFirst() : new Condition.And(Effort.cheapestFirst(needed));
  }

  private static Condition or(List<Condition> parts) {
    var needed = new ArrayList<Condition>();
    for (Condition part : parts) {
      if (part.equals(Condition.EVERYTHING)) {
        return Condition.EVERYTHING;
      }
      if (!part.equals(Condition.NOTHING)) {
        needed.add(part);
      }
    }
    return needed.size() == 1 ? needed.getFirst() : new Condition.Or(Effort.cheapestFirst(needed));
  }

  private static Condition not(Condition condition) {
    return switch (condition) {
      case Condition.IsNull(var column) -> new Condition.IsNotNull(column);
      case Condition.IsNotNull(var column) -> new Condition.IsNull(column);
      case Condition.Not(var part) -> part;
      case Condition other when other.equals(Condition.EVERYTHING) -> Condition.NOTHING;
      case Condition other when other.equals(Condition.NOTHING) -> Condition.EVERYTHING;
      default -> new Condition.Not(condition);
    };
  }

  private static Condition isNull(Column column) {
    return column.equals(Column.ID) ? Condition.NOTHING : new Condition.IsNull(column);
  }

  private static Condition isNotNull(Column column) {
    return column.equals(Column.ID) ? Condition.EVERYTHING : new Condition.IsNotNull(column);
  }

  // ---- from expressions to terms ----

  private Term term(Expression expression) {
    return switch (expression) {
      case Expression.Literal(var value, _) -> new Term.Known(value);
      case Path path -> path(path);
      case Expression.Or(var parts, _) -> any(parts);
      case Expression.And(var parts, _) -> all(parts);
      case Expression.Not(var part, _) -> {
        Condition condition = condition(term(part));
        yield condition == null ? OPAQUE : test(not(condition));
      }
      case Expression.Compare compare -> test(compare(compare));
      case Expression.In in -> test(in(in));
      case Expression.Listed _ -> new Term.Known(null);
      case Expression.HasRole role -> new Term.Known(known.value(role));
      case Expression.Affix(var end, var text, var part, _) ->
          test(affix(end, term(text), term(part)));
      case Expression.Calculation(var left, var operator, var right, _) ->
          term(left) instanceof Term.Known(var one) && term(right) instanceof Term.Known(var other)
              ? new Term.Known(Values.calculate(one, operator, other))
              : OPAQUE;
    };
  }

  private Term path(Path path) {
    if (path.root() != Root.DATA && path.root() != Root.EXISTING) {
      return new Term.Known(facts.value(path));
    }
    // Cells are no objects, so there is nothing inside of them.
    return path.isOfRow() ? field(path.steps().getFirst()) : new Term.Known(null);
  }

  private Term field(String name) {
    return name.equals("id")
        ? new Term.Cell(Column.ID)
        : entity
            .field(name)
            .<Term>map(field -> new Term.Cell(Column.of(field)))
            .orElseGet(() -> new Term.Known(null));
  }

  private Term any(List<Expression> parts) {
    List<Condition> conditions = conditions(parts);
    return conditions.contains(Condition.EVERYTHING)
        ? new Term.Known(true)
        : conditions.size() < parts.size() ? OPAQUE : test(or(conditions));
  }

  private Term all(List<Expression> parts) {
    List<Condition> conditions = conditions(parts);
    return conditions.contains(Condition.NOTHING)
        ? new Term.Known(false)
        : conditions.size() < parts.size() ? OPAQUE : test(and(conditions));
  }

  /** Those of {@code parts} that can be told as conditions. */
  private List<Condition> conditions(List<Expression> parts) {
    var conditions = new ArrayList<Condition>();
    for (Expression part : parts) {
      Condition condition = condition(term(part));
      if (condition != null) {
        conditions.add(condition);
      }
    }
    return conditions;
  }

  // ---- comparisons ----

  private @Nullable Condition compare(Expression.Compare compare) {
    Term left = term(compare.left());
    Term right = term(compare.right());
    return switch (compare.comparison()) {
      case EQUAL -> equal(compare.left(), left, compare.right(), right);
      case NOT_EQUAL -> {
        Condition equal = equal(compare.left(), left, compare.right(), right);
        yield equal == null ? null : not(equal);
      }
      case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
          ordered(left, compare.comparison(), right);
    };
  }

  private @Nullable Condition equal(Expression one, Term left, Expression other, Term right) {
    if (isNobody(one, left, other) || isNobody(other, right, one)) {
      return Condition.NOTHING;
    }
    return equal(left, right);
  }

  private static boolean isNobody(Expression callers, Term term, Expression other) {
    return term instanceof Term.Known(var value) && Evaluation.isNobody(callers, value, other);
  }

  private static @Nullable Condition equal(Term left, Term right) {
    if (left instanceof Term.Opaque || right instanceof Term.Opaque) {
      return null;
    }
    return switch (left) {
      case Term.Known(var value) ->
          switch (right) {
            case Term.Known(var other) -> always(Values.equal(value, other));
            case Term.Cell(var column) -> equal(column, value);
            case Term.Test(var condition) -> equal(condition, value);
            case Term.Opaque _ -> null;
          };
      case Term.Cell(var column) ->
          switch (right) {
            case Term.Known(var value) -> equal(column, value);
            case Term.Cell(var other) -> equal(column, other);
            // A test would have to be asked twice, and tests in it four times.
            case Term.Test _, Term.Opaque _ -> null;
          };
      case Term.Test(var condition) ->
          right instanceof Term.Known(var value) ? equal(condition, value) : null;
      case Term.Opaque _ -> null;
    };
  }

  private static Condition equal(Condition condition, @Nullable Object value) {
    return value instanceof Boolean wanted
        ? (wanted ? condition : not(condition))
        : Condition.NOTHING;
  }

  private static Condition equal(Column column, @Nullable Object value) {
    if (value == null) {
      return isNull(column);
    }
    return switch (column.kind()) {
      case STRING, RICHTEXT, ID ->
          switch (value) {
            case String text when isStorable(text) ->
                new Condition.Compare(column, Comparison.EQUAL, text);
            case Number number ->
                new Condition.Compare(column, Comparison.EQUAL, Values.text(number));
            default -> Condition.NOTHING;
          };
      case BOOL ->
          value instanceof Boolean
              ? new Condition.Compare(column, Comparison.EQUAL, value)
              : Condition.NOTHING;
      case INT, FLOAT ->
          switch (value) {
            case Number number -> Operand.compare(column, Comparison.EQUAL, number);
            case String text -> numberWritten(column, text);
            default -> Condition.NOTHING;
          };
      case DATETIME ->
          value instanceof String text && Instants.moment(text).isPresent()
              ? Operand.compare(column, Comparison.EQUAL, text)
              : Condition.NOTHING;
    };
  }

  /** The cell whose number is written just like {@code text}. */
  private static Condition numberWritten(Column column, String text) {
    try {
      Number number =
          column.kind() == Kind.INT ? (Number) Long.valueOf(text) : Double.valueOf(text);
      // No cell holds a zero below zero.
      return Values.text(number).equals(text) && !text.startsWith("-0.0")
          ? Operand.compare(column, Comparison.EQUAL, number)
          : Condition.NOTHING;
    } catch (NumberFormatException _) {
      return Condition.NOTHING;
    }
  }

  /** Two cells are equal where both are empty too. */
  private static @Nullable Condition equal(Column one, Column other) {
    if (one.equals(other)) {
      return Condition.EVERYTHING;
    }
    Condition bothEmpty = and(List.of(isNull(one), isNull(other)));
    if (isText(one) && isText(other) || one.kind() == other.kind() && !isTime(one)) {
      return or(List.of(bothEmpty, new Condition.CompareCells(one, Comparison.EQUAL, other)));
    }
    boolean never =
        one.kind() == Kind.BOOL
            || other.kind() == Kind.BOOL
            || isTime(one) && isNumber(other)
            || isNumber(one) && isTime(other);
    return never ? bothEmpty : null;
  }

  private static @Nullable Condition ordered(Term left, Comparison comparison, Term right) {
    if (left instanceof Term.Opaque || right instanceof Term.Opaque) {
      return null;
    }
    if (left instanceof Term.Known(var one) && right instanceof Term.Known(var other)) {
      return always(Values.compare(one, comparison, other));
    }
    if (left instanceof Term.Cell(var column) && right instanceof Term.Known(var value)) {
      return ordered(column, comparison, value);
    }
    if (left instanceof Term.Known(var value) && right instanceof Term.Cell(var column)) {
      return ordered(column, turned(comparison), value);
    }
    if (left instanceof Term.Cell(var one) && right instanceof Term.Cell(var other)) {
      return ordered(one, comparison, other);
    }
    // What is true or false has no order.
    return Condition.NOTHING;
  }

  private static @Nullable Condition ordered(
      Column column, Comparison comparison, @Nullable Object value) {
    return switch (column.kind()) {
      case STRING, RICHTEXT, ID ->
          value instanceof String text
              ? isStorable(text) ? new Condition.Compare(column, comparison, text) : null
              : Condition.NOTHING;
      case INT, FLOAT ->
          value instanceof Number ? Operand.compare(column, comparison, value) : Condition.NOTHING;
      case DATETIME ->
          value instanceof String text && Instants.moment(text).isPresent()
              ? Operand.compare(column, comparison, text)
              : Condition.NOTHING;
      case BOOL -> Condition.NOTHING;
    };
  }

  private static @Nullable Condition ordered(Column one, Comparison comparison, Column other) {
    if (one.kind() == Kind.BOOL || other.kind() == Kind.BOOL) {
      return Condition.NOTHING;
    }
    if (isText(one) && isText(other) || one.kind() == other.kind() && !isTime(one)) {
      return new Condition.CompareCells(one, comparison, other);
    }
    return isNumber(one) == isNumber(other) ? null : Condition.NOTHING;
  }

  private static Comparison turned(Comparison comparison) {
    return switch (comparison) {
      case EQUAL, NOT_EQUAL -> comparison;
      case LESS -> Comparison.GREATER;
      case LESS_OR_EQUAL -> Comparison.GREATER_OR_EQUAL;
      case GREATER -> Comparison.LESS;
      case GREATER_OR_EQUAL -> Comparison.LESS_OR_EQUAL;
    };
  }

  private static boolean isText(Column column) {
    return switch (column.kind()) {
      case STRING, RICHTEXT, ID -> true;
      case INT, FLOAT, BOOL, DATETIME -> false;
    };
  }

  private static boolean isNumber(Column column) {
    return column.kind() == Kind.INT || column.kind() == Kind.FLOAT;
  }

  private static boolean isTime(Column column) {
    return column.kind() == Kind.DATETIME;
  }

  // ---- lists and affixes ----

  private @Nullable Condition in(Expression.In in) {
    Term value = term(in.value());
    var parts = new ArrayList<Condition>();
    boolean opaque = false;
    if (in.list() instanceof Path path) {
      for (Object item : facts.list(path)) {
        Condition equal = equal(value, new Term.Known(Values.scalar(item)));
        opaque |= equal == null;
        if (equal != null) {
          parts.add(equal);
        }
      }
    } else {
      for (Expression item : ((Expression.Listed) in.list()).items()) {
        Condition equal = equal(in.value(), value, item, term(item));
        opaque |= equal == null;
        if (equal != null) {
          parts.add(equal);
        }
      }
    }
    Condition any = or(parts);
    return opaque && !any.equals(Condition.EVERYTHING) ? null : any;
  }

  private static @Nullable Condition affix(Expression.Affix.End end, Term text, Term part) {
    if (text instanceof Term.Known(var whole) && part instanceof Term.Known(var wanted)) {
      return always(Values.hasAffix(end, whole, wanted));
    }
    if (!(text instanceof Term.Cell(var column)) || !isText(column)) {
      return text instanceof Term.Cell(var other) && !isTime(other) ? Condition.NOTHING : null;
    }
    if (!(part instanceof Term.Known(var wanted))) {
      return null;
    }
    if (!(wanted instanceof String affix)) {
      return Condition.NOTHING;
    }
    if (affix.isEmpty()) {
      return isNotNull(column);
    }
    if (!isStorable(affix)) {
      return null;
    }
    return switch (end) {
      case START -> startsWith(column, affix);
      case END -> new Condition.EndsWith(column, affix, affix.codePointCount(0, affix.length()));
    };
  }

  /** All texts that begin so stand side by side, which an index can use. */
  private static @Nullable Condition startsWith(Column column, String start) {
    Condition from = new Condition.Compare(column, Comparison.GREATER_OR_EQUAL, start);
    int last = start.codePointBefore(start.length());
    if (last == Character.MAX_CODE_POINT) {
      return null;
    }
    int next = last + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : last + 1;
    String behind =
        start.substring(0, start.length() - Character.charCount(last)) + Character.toString(next);
    return new Condition.And(List.of(from, new Condition.Compare(column, Comparison.LESS, behind)));
  }

  /** Whether a database takes the text as it is: no U+0000, and no half of a pair. */
  private static boolean isStorable(String text) {
    return text.codePoints().noneMatch(c -> c == 0 || (c >= 0xD800 && c <= 0xDFFF));
  }
}
