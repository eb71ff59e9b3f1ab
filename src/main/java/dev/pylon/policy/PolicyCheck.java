package dev.pylon.policy;

import dev.pylon.model.Identity;
import dev.pylon.policy.Expression.Path;
import dev.pylon.policy.Expression.Root;
import dev.pylon.policy.Expression.Span;
import dev.pylon.schema.Diagnostic;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Field;
import dev.pylon.schema.FieldType;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.Policy;
import dev.pylon.store.query.Instants;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is odd about the rules of a manifest, each finding at its place. All are warnings: a rule
 * that cannot be read, or can never hold, keeps everybody out, and a project may live with that. An
 * object serves one check.
 */
public final class PolicyCheck {
  private static final List<String> MEMBERS =
      List.of("allow", "allowRead", "allowInsert", "allowUpdate", "allowDelete", "allowWrite");

  private static final Set<String> CALLER =
      Set.of("userId", "user_id", "tenantId", "tenant_id", "isAdmin", "is_admin", "email");

  private final Manifest manifest;
  private final RuleText text;
  private final List<Diagnostic> findings = new ArrayList<>();

  /** The rule that is being looked at. */
  private int index;

  private Policy policy;
  private String member = "";
  private String rule = "";
  private @Nullable Entity entity;

  private PolicyCheck(Manifest manifest, RuleText text, Policy first) {
    this.manifest = manifest;
    this.text = text;
    this.policy = first;
  }

  /** The findings, in the order of the manifest. */
  public static List<Diagnostic> findings(Manifest manifest, RuleText text) {
    if (manifest.policies().isEmpty()) {
      return List.of();
    }
    return new PolicyCheck(manifest, text, manifest.policies().getFirst()).findings();
  }

  private List<Diagnostic> findings() {
    for (index = 0; index < manifest.policies().size(); index++) {
      policy = manifest.policies().get(index);
      entity = policy.entity() == null ? null : manifest.entity(policy.entity()).orElse(null);
      for (String one : MEMBERS) {
        member = one;
        rule = Policies.text(policy, one);
        if (!rule.isEmpty()) {
          check();
        }
      }
    }
    return findings;
  }

  private void warn(String code, int at, String message, @Nullable String hint) {
    findings.add(
        new Diagnostic(
            Diagnostic.Severity.WARNING,
            code,
            "Policy \"%s\", %s: %s".formatted(policy.name(), member, message),
            text.place(index, member, rule, at).orElse(null),
            hint));
  }

  private void check() {
    switch (Rule.of(policy.name(), member, rule).meaning()) {
      case Rule.Meaning.Broken(int at, String message) ->
          warn(
              "POLICY_EXPR_INVALID",
              at,
              "character %d: %s".formatted(at + 1, message),
              "A rule that cannot be read keeps everybody out, admins excepted");
      case Rule.Meaning.Read(var expression) -> {
        walk(expression);
        checkSpeed(expression);
      }
    }
  }

  private void walk(Expression expression) {
    switch (expression) {
      case Path path -> checkPath(path);
      case Expression.Literal _, Expression.HasRole _ -> {}
      case Expression.Or(var parts, _) -> parts.forEach(this::walk);
      case Expression.And(var parts, _) -> parts.forEach(this::walk);
      case Expression.Not(var part, _) -> walk(part);
      case Expression.Compare(var left, _, var right, var span) -> {
        walk(left);
        walk(right);
        checkKinds(left, right, span);
        checkKinds(right, left, span);
      }
      case Expression.In(var value, var list, var span) -> {
        walk(value);
        if (list instanceof Expression.Listed(var items, _)) {
          items.forEach(item -> {
            walk(item);
            checkKinds(value, item, span);
          });
        } else if (list instanceof Path path) {
          checkList(path);
        }
      }
      case Expression.Listed(var items, _) -> items.forEach(this::walk);
      case Expression.Affix(_, var whole, var part, _) -> {
        walk(whole);
        walk(part);
      }
      case Expression.Calculation(var left, _, var right, _) -> {
        walk(left);
        walk(right);
      }
    }
  }

  // ---- names ----

  private void checkPath(Path path) {
    switch (path.root()) {
      case AUTH -> {
        if (path.steps().size() != 1 || !CALLER.contains(path.steps().getFirst())) {
          nothing(path, "there are auth.userId, auth.tenantId, auth.isAdmin and auth.email");
        }
      }
      case DATA, EXISTING -> checkField(path);
      case INPUT -> {
        if (policy.action() == null) {
          nothing(path, "input is what an action was sent, and this policy names no action");
        }
      }
      case NOTHING -> nothing(path, "values are found in auth, data, existing and input");
    }
  }

  private void nothing(Path path, String hint) {
    warn(
        "POLICY_NAME_UNKNOWN",
        path.span().start(),
        "\"%s\" is always null".formatted(shown(path.span())),
        hint);
  }

  private String shown(Span span) {
    return rule.substring(span.start(), Math.min(span.end(), rule.length()));
  }

  private void checkField(Path path) {
    if (entity == null) {
      nothing(path, "there is a row only where the policy names an entity");
    } else if (path.steps().isEmpty()) {
      nothing(path, "a row is no value; its fields are");
    } else if (!path.steps().getFirst().equals("id") && field(path) == null) {
      String fields = entity.fields().stream().map(Field::name).collect(Collectors.joining(", "));
      warn(
          "POLICY_FIELD_UNKNOWN",
          path.span().start(),
          "\"%s\" has no field \"%s\"".formatted(entity.name(), path.steps().getFirst()),
          "it has: id, " + fields);
    } else if (path.steps().size() > 1 && !member.equals("allowInsert")) {
      nothing(path, "a stored field has nothing inside of it");
    }
  }

  private @Nullable Field field(Expression expression) {
    return entity != null
            && expression instanceof Path path
            && (path.root() == Root.DATA || path.root() == Root.EXISTING)
            && !path.steps().isEmpty()
        ? entity.field(path.steps().getFirst()).orElse(null)
        : null;
  }

  private void checkList(Path path) {
    boolean roles = path.root() == Root.AUTH && path.steps().equals(List.of("roles"));
    if (!roles && (path.root() != Root.INPUT || policy.action() == null)) {
      warn(
          "POLICY_NAME_UNKNOWN",
          path.span().start(),
          "\"%s\" is no list, so nothing is in it".formatted(shown(path.span())),
          "lists are ['a', 'b'], auth.roles, and what an action was sent");
    }
  }

  // ---- kinds ----

  /** A field and a literal that no value of the field can equal. */
  private void checkKinds(Expression left, Expression right, Span span) {
    Field field = left instanceof Path path && path.isOfRow() ? field(path) : null;
    if (field == null || !(right instanceof Expression.Literal(Object value, _)) || value == null) {
      return;
    }
    boolean possible =
        switch (field.type().kind()) {
          case STRING, RICHTEXT, ID -> !(value instanceof Boolean);
          case INT, FLOAT -> value instanceof Number || value instanceof String s && isNumber(s);
          case BOOL -> value instanceof Boolean;
          case DATETIME -> value instanceof String s && Instants.moment(s).isPresent();
        };
    if (!possible) {
      warn(
          "POLICY_KINDS_DIFFER",
          span.start(),
          "\"%s\" compares a field of type %s with what it can never hold"
              .formatted(shown(span), field.type().text()),
          field.type().kind() == FieldType.Kind.BOOL
              ? "true and false stand without quotes"
              : null);
    }
  }

  private static boolean isNumber(String text) {
    try {
      return Double.isFinite(Double.parseDouble(text));
    } catch (NumberFormatException _) {
      return false;
    }
  }

  // ---- speed ----

  private void checkSpeed(Expression expression) {
    boolean reads =
        member.equals("allowRead") || member.equals("allow") && isEmpty(policy.allowRead());
    if (entity == null || !reads) {
      return;
    }
    List<Expression> parts =
        expression instanceof Expression.And(var all, _) ? all : List.of(expression);
    // Whether there is a condition depends on kinds alone, so anybody will do.
    Identity anybody = Identity.user("u", "t");
    for (Expression part : parts) {
      if (RuleCompiler.compile(part, entity, anybody).isEmpty()) {
        warn(
            "POLICY_JUDGED_BY_ROW",
            part.span().start(),
            "\"%s\" is no question for a database, so every read looks at each row"
                .formatted(shown(part.span())),
            "compare fields of one type, and calculate before a row is stored");
      }
    }
  }

  private static boolean isEmpty(@Nullable String text) {
    return text == null || text.isEmpty();
  }
}
