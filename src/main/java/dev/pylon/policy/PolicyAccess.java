package dev.pylon.policy;

import dev.pylon.model.Identity;
import dev.pylon.policy.Expression.And;
import dev.pylon.schema.Entity;
import dev.pylon.store.Access;
import dev.pylon.store.Visibility;
import dev.pylon.store.query.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What one caller may see and change by the policies of a manifest. Thread-safe. */
final class PolicyAccess implements Access {
  private final Policies policies;
  private final Identity caller;
  private final Map<String, Visibility> visibilities = new ConcurrentHashMap<>();

  PolicyAccess(Policies policies, Identity caller) {
    this.policies = policies;
    this.caller = caller;
  }

  @Override
  public Identity caller() {
    return caller;
  }

  @Override
  public boolean seesHiddenFields() {
    return false;
  }

  @Override
  public void require(Deed deed, Entity entity) {
    Policies.require(rules(deed, entity), Facts.ofAny(caller, known(entity)), entity.name());
  }

  @Override
  public void requireInsert(Entity entity, Map<String, @Nullable Object> row) {
    Policies.require(
        rules(Deed.INSERT, entity), Facts.ofNew(caller, known(entity), row), entity.name());
  }

  /**
   * The rule must hold of the row that there is, so that nobody takes one, and of what it becomes.
   */
  @Override
  public void requireUpdate(
      Entity entity, Map<String, @Nullable Object> before, Map<String, @Nullable Object> after) {
    List<Rule> rules = rules(Deed.UPDATE, entity);
    Policies.require(rules, Facts.of(caller, known(entity), before), entity.name());
    Policies.require(rules, Facts.ofChange(caller, known(entity), before, after), entity.name());
  }

  @Override
  public void requireDelete(Entity entity, Map<String, @Nullable Object> before) {
    Policies.require(
        rules(Deed.DELETE, entity), Facts.of(caller, known(entity), before), entity.name());
  }

  /**
   * What must hold for {@code deed}. An entity that came with a later manifest is closed until
   * somebody asks with the policies of that one.
   */
  private List<Rule> rules(Deed deed, Entity entity) {
    if (caller.admin()) {
      return List.of();
    }
    return policies.rules(entity, deed).orElseThrow(Policies::denied);
  }

  /** The entity with all its fields: rules may go by what clients never see. */
  private Entity known(Entity entity) {
    return policies.manifest().entity(entity.name()).orElse(entity);
  }

  @Override
  public Visibility readable(Entity entity) {
    return visibilities.computeIfAbsent(
        entity.name(), _ -> visibility(rules(Deed.READ, entity), known(entity)));
  }

  private Visibility visibility(List<Rule> rules, Entity entity) {
    var where = new ArrayList<Condition>();
    var rest = new ArrayList<Expression>();
    for (Rule rule : rules) {
      Expression expression = rule.expression();
      if (expression == null) {
        return Visibility.NONE;
      }
      for (Expression part : parts(expression)) {
        Optional<Condition> condition = RuleCompiler.compile(part, entity, caller);
        condition.ifPresentOrElse(where::add, () -> rest.add(part));
      }
    }
    Condition all = RuleCompiler.and(where);
    return rest.isEmpty() || all.equals(Condition.NOTHING)
        ? new Visibility(all, null)
        : new Visibility(all, row -> holds(rest, Facts.of(caller, entity, row)));
  }

  /** What must hold all together; each part is compiled for itself. */
  private static List<Expression> parts(Expression expression) {
    return expression instanceof And(var parts, _) ? parts : List.of(expression);
  }

  private static boolean holds(List<Expression> parts, Facts facts) {
    var evaluation = new Evaluation(facts);
    return parts.stream().allMatch(part -> evaluation.truth(part) == Truth.TRUE);
  }
}
