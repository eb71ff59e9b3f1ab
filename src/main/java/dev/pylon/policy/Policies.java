package dev.pylon.policy;

import dev.pylon.model.Identity;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.Policy;
import dev.pylon.store.Access;
import dev.pylon.store.Access.Deed;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The policies of a manifest, read. Immutable.
 *
 * <p>Several policies for one entity or action must all hold; where there is none, everything is
 * allowed. Admins are not judged.
 */
public final class Policies {
  private static final System.Logger LOG = System.getLogger(Policies.class.getName());

  private final Manifest manifest;
  private final Map<String, Map<Deed, List<Rule>>> ofEntities = new HashMap<>();
  private final Map<String, List<Rule>> ofActions = new HashMap<>();

  private Policies(Manifest manifest) {
    this.manifest = manifest;
    for (Entity entity : manifest.entities()) {
      ofEntities.put(entity.name(), new EnumMap<>(Deed.class));
    }
    for (Policy policy : manifest.policies()) {
      String entity = policy.entity();
      if (entity != null) {
        for (Deed deed : Deed.values()) {
          rule(policy, deed).ifPresent(rule -> rules(entity, deed).add(rule));
        }
      }
      if (policy.action() != null) {
        // An empty rule cannot be read, and so holds for nobody.
        ofActions
            .computeIfAbsent(policy.action(), _ -> new ArrayList<>())
            .add(Rule.of(policy.name(), "allow", policy.allow()));
      }
    }
  }

  /** Reads the policies of {@code manifest}; a rule that cannot be read holds for nobody. */
  public static Policies of(Manifest manifest) {
    return new Policies(manifest);
  }

  private List<Rule> rules(String entity, Deed deed) {
    return ofEntities
        .computeIfAbsent(entity, _ -> new EnumMap<>(Deed.class))
        .computeIfAbsent(deed, _ -> new ArrayList<>());
  }

  /** The rule of {@code policy} for {@code deed}: the first that its author wrote. */
  private static Optional<Rule> rule(Policy policy, Deed deed) {
    return members(deed).stream()
        .map(member -> Rule.of(policy.name(), member, text(policy, member)))
        .filter(rule -> !rule.text().isEmpty())
        .findFirst();
  }

  private static List<String> members(Deed deed) {
    return switch (deed) {
      case READ -> List.of("allowRead", "allow");
      case INSERT -> List.of("allowInsert", "allowWrite", "allow");
      case UPDATE -> List.of("allowUpdate", "allowWrite", "allow");
      case DELETE -> List.of("allowDelete", "allowWrite", "allow");
    };
  }

  /** What stands in a member of a policy; empty where it has none. */
  static String text(Policy policy, String member) {
    @Nullable String text =
        switch (member) {
          case "allow" -> policy.allow();
          case "allowRead" -> policy.allowRead();
          case "allowInsert" -> policy.allowInsert();
          case "allowUpdate" -> policy.allowUpdate();
          case "allowDelete" -> policy.allowDelete();
          case "allowWrite" -> policy.allowWrite();
          default -> throw new IllegalArgumentException(member);
        };
    return text == null ? "" : text;
  }

  /** The manifest they were read from. */
  public Manifest manifest() {
    return manifest;
  }

  /** What {@code caller} may see and change, with the key they presented if they did. */
  public Access access(Identity caller) {
    Access access = new PolicyAccess(this, caller);
    KeyScopes scopes = KeyScopes.of(caller);
    return scopes.areLimited() ? new KeyAccess(access, scopes) : access;
  }

  /**
   * Refuses an action.
   *
   * @param input as it was sent
   * @throws PylonException {@link PolicyError#POLICY_DENIED}; {@link
   *     PolicyError#INSUFFICIENT_SCOPE} where a key may not call the function that does it
   */
  public void requireAction(Identity caller, String action, @Nullable Object input) {
    KeyScopes.of(caller).requireFunction(action);
    if (!caller.admin()) {
      require(ofActions.getOrDefault(action, List.of()), Facts.ofAction(caller, input), action);
    }
  }

  /**
   * Why {@code question} would be answered as it would: {@code {result, reason?, decided_by?,
   * rules: [{policy, rule, op, about, expression, result, tree}]}}. The result is {@code allow},
   * {@code deny}, or {@code depends} where it takes a row to tell.
   */
  public Map<String, @Nullable Object> explain(Question question) {
    var explanation = new Explanation(manifest.auth());
    Identity caller = question.caller();
    switch (question) {
      case Question.OfAction(_, var action, var input) ->
          ofActions
              .getOrDefault(action, List.of())
              .forEach(
                  rule -> explanation.ask(rule, "action", "input", Facts.ofAction(caller, input)));
      case Question.OfRow row -> {
        Entity entity = row.entity();
        if (row.deed() == Deed.UPDATE || row.deed() == Deed.DELETE) {
          ask(explanation, entity, Deed.READ, "row", row.facts(row.row()));
        }
        boolean changes = row.deed() == Deed.UPDATE && row.row() != null && row.sent() != null;
        if (row.deed() == Deed.INSERT) {
          ask(explanation, entity, Deed.INSERT, "sent", row.facts(row.sent()));
        } else {
          ask(explanation, entity, row.deed(), changes ? "before" : "row", row.facts(row.row()));
        }
        if (changes) {
          ask(explanation, entity, Deed.UPDATE, "after", row.change());
        }
      }
    }
    return explanation.json(caller);
  }

  private void ask(Explanation explanation, Entity entity, Deed deed, String about, Facts facts) {
    String shown = facts.unknown() ? "any" : about;
    rules(entity, deed)
        .orElse(List.of())
        .forEach(rule -> explanation.ask(rule, deed.name().toLowerCase(Locale.ROOT), shown, facts));
  }

  /** What must hold for {@code deed}; empty for an entity that these policies do not know. */
  Optional<List<Rule>> rules(Entity entity, Deed deed) {
    return Optional.ofNullable(ofEntities.get(entity.name()))
        .map(rules -> rules.getOrDefault(deed, List.of()));
  }

  /**
   * @param target what it is about, for the log
   * @throws PylonException {@link PolicyError#POLICY_DENIED} where one of {@code rules} is false
   */
  static void require(List<Rule> rules, Facts facts, String target) {
    for (Rule rule : rules) {
      if (rule.truth(facts) == Truth.FALSE) {
        LOG.log(
            System.Logger.Level.DEBUG,
            "policy denied target={0} policy={1} rule={2} expression={3}",
            target,
            rule.policy(),
            rule.member(),
            rule.text());
        throw denied();
      }
    }
  }

  /** What a caller is told: nothing about the rule. */
  static PylonException denied() {
    return new PylonException(PolicyError.POLICY_DENIED, "Access denied by policy")
        .with("hint", "Check your auth token or the policy rules in your schema");
  }
}
