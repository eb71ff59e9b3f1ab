package dev.pylon.policy;

import dev.pylon.json.Json;
import dev.pylon.model.Identity;
import dev.pylon.policy.Expression.Path;
import dev.pylon.policy.Expression.Root;
import dev.pylon.schema.AuthConfig;
import dev.pylon.schema.Entity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why somebody may or may not: every rule that was asked, as a tree with what each part of it came
 * to, and the clause that decided. As JSON objects; for admins, as it shows values of rows.
 */
final class Explanation {
  private final AuthConfig auth;
  private final List<Map<String, @Nullable Object>> rules = new ArrayList<>();
  private @Nullable Map<String, @Nullable Object> decidedBy;
  private Truth result = Truth.TRUE;

  Explanation(AuthConfig auth) {
    this.auth = auth;
  }

  /**
   * Asks {@code rule}; all that are asked must hold. Returns this.
   *
   * @param deed for what
   * @param about which row: {@code row}, {@code before}, {@code after}, {@code sent}, {@code any}
   */
  Explanation ask(Rule rule, String deed, String about, Facts facts) {
    Truth truth = rule.truth(facts);
    var asked = new LinkedHashMap<String, @Nullable Object>();
    asked.put("policy", rule.policy());
    asked.put("rule", rule.member());
    asked.put("op", deed);
    asked.put("about", about);
    asked.put("expression", rule.text());
    asked.put("result", truth.text());
    Map<String, @Nullable Object> clause;
    switch (rule.meaning()) {
      case Rule.Meaning.Broken(int at, String message) -> {
        asked.put("error", "character %d: %s".formatted(at + 1, message));
        clause = Map.of("clause", rule.text(), "values", List.of(), "result", truth.text());
      }
      case Rule.Meaning.Read(var expression) -> {
        var reading = new Reading(rule, facts);
        asked.put("tree", reading.tree(expression));
        clause = reading.clause(reading.deciding(expression));
      }
    }
    rules.add(asked);
    if (weight(truth) > weight(result)) {
      result = truth;
      decidedBy = decidedBy(rule, deed, about, clause);
    }
    return this;
  }

  /** What is false decides before what is not known, and that before what holds. */
  private static int weight(Truth truth) {
    return switch (truth) {
      case TRUE -> 0;
      case UNKNOWN -> 1;
      case FALSE -> 2;
    };
  }

  private static Map<String, @Nullable Object> decidedBy(
      Rule rule, String deed, String about, Map<String, @Nullable Object> clause) {
    var decided = new LinkedHashMap<String, @Nullable Object>();
    decided.put("policy", rule.policy());
    decided.put("rule", rule.member());
    decided.put("op", deed);
    decided.put("about", about);
    decided.putAll(clause);
    return decided;
  }

  /** {@code {result, reason?, decided_by?, rules}}; the result is allow, deny or depends. */
  Map<String, @Nullable Object> json(Identity caller) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    if (caller.admin()) {
      json.put("result", "allow");
      json.put("reason", "admins are not judged");
    } else if (rules.isEmpty()) {
      json.put("result", "allow");
      json.put("reason", "no policy says anything");
    } else {
      json.put(
          "result",
          switch (result) {
            case TRUE -> "allow";
            case FALSE -> "deny";
            case UNKNOWN -> "depends";
          });
      if (decidedBy != null) {
        json.put("decided_by", decidedBy);
      }
    }
    json.put("rules", rules);
    return json;
  }

  /** One rule and what it is judged by. */
  private final class Reading {
    private final Rule rule;
    private final Facts facts;
    private final Evaluation evaluation;

    Reading(Rule rule, Facts facts) {
      this.rule = rule;
      this.facts = facts;
      this.evaluation = new Evaluation(facts);
    }

    private String text(Expression expression) {
      return rule.text().substring(expression.span().start(), expression.span().end());
    }

    private Map<String, @Nullable Object> tree(Expression expression) {
      var node = new LinkedHashMap<String, @Nullable Object>();
      node.put("kind", kind(expression));
      node.put("text", text(expression));
      node.put("at", expression.span().start());
      node.put("result", evaluation.truth(expression).text());
      List<Expression> parts = logical(expression);
      if (parts.isEmpty()) {
        node.put("values", values(expression));
      } else {
        node.put("parts", parts.stream().map(this::tree).toList());
      }
      return node;
    }

    private static String kind(Expression expression) {
      return switch (expression) {
        case Expression.Or _ -> "or";
        case Expression.And _ -> "and";
        case Expression.Not _ -> "not";
        case Expression.Compare _ -> "compare";
        case Expression.In _ -> "in";
        case Expression.HasRole _ -> "role";
        case Expression.Affix _ -> "affix";
        case Expression.Literal _, Path _, Expression.Listed _, Expression.Calculation _ -> "value";
      };
    }

    /** The parts of what is made of truths. */
    private static List<Expression> logical(Expression expression) {
      return switch (expression) {
        case Expression.Or(var parts, _) -> parts;
        case Expression.And(var parts, _) -> parts;
        case Expression.Not(var part, _) -> List.of(part);
        default -> List.of();
      };
    }

    /** What the paths in a clause stand for: {@code [{path, value}]}. */
    private List<Map<String, @Nullable Object>> values(Expression expression) {
      var found = new ArrayList<Map<String, @Nullable Object>>();
      collect(expression, found);
      return found;
    }

    private void collect(Expression expression, List<Map<String, @Nullable Object>> found) {
      switch (expression) {
        case Path path -> found.add(Json.object("path", text(path), "value", value(path)));
        case Expression.Compare(var left, _, var right, _) -> both(left, right, found);
        case Expression.Calculation(var left, _, var right, _) -> both(left, right, found);
        case Expression.Affix(_, var whole, var part, _) -> both(whole, part, found);
        case Expression.In(var one, var list, _) -> {
          collect(one, found);
          if (list instanceof Path path) {
            found.add(Json.object("path", text(path), "value", facts.list(path)));
          } else {
            collect(list, found);
          }
        }
        case Expression.Listed(var items, _) -> items.forEach(item -> collect(item, found));
        case Expression.HasRole _ ->
            found.add(Json.object("path", "auth.roles", "value", facts.caller().roles()));
        case Expression.Or _, Expression.And _, Expression.Not _ ->
            logical(expression).forEach(part -> collect(part, found));
        case Expression.Literal _ -> {}
      }
    }

    private void both(
        Expression left, Expression right, List<Map<String, @Nullable Object>> found) {
      collect(left, found);
      collect(right, found);
    }

    private @Nullable Object value(Path path) {
      @Nullable Object value = facts.value(path);
      if (value == Facts.UNKNOWN) {
        return "(unknown)";
      }
      if (value != null && isHidden(path)) {
        return "(hidden)";
      }
      return value instanceof Values.Timed timed ? timed.text() : value;
    }

    private boolean isHidden(Path path) {
      Entity entity = facts.entity();
      return entity != null
          && entity.name().equals(auth.userEntity())
          && (path.root() == Root.DATA || path.root() == Root.EXISTING)
          && !path.steps().isEmpty()
          && auth.hides(path.steps().getFirst())
          && !path.steps().getFirst().equals("id");
    }

    /** The smallest part that makes the whole what it is. */
    private Expression deciding(Expression expression) {
      Truth truth = evaluation.truth(expression);
      return switch (expression) {
        case Expression.And(var parts, _) when truth != Truth.TRUE -> first(parts, truth);
        case Expression.Or(var parts, _) when truth != Truth.FALSE -> first(parts, truth);
        case Expression.Not(var part, _) -> deciding(part);
        default -> expression;
      };
    }

    private Expression first(List<Expression> parts, Truth truth) {
      return parts.stream()
          .filter(part -> evaluation.truth(part) == truth)
          .findFirst()
          .map(this::deciding)
          .orElseThrow();
    }

    private Map<String, @Nullable Object> clause(Expression expression) {
      return Json.object(
          "clause", text(expression),
          "at", expression.span().start(),
          "result", evaluation.truth(expression).text(),
          "values", values(expression));
    }
  }
}
