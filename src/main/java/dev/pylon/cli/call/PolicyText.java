package dev.pylon.cli.call;

import dev.pylon.cli.command.Output;
import dev.pylon.cli.text.Style;
import dev.pylon.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An explanation of policies as text: the outcome, the rules as trees, and what decided. */
final class PolicyText {
  private final Output output;
  private final Style style;

  PolicyText(Output output) {
    this.output = output;
    this.style = output.style();
  }

  void print(Map<String, @Nullable Object> answer) {
    output.line(headline(answer));
    if (answer.get("reason") instanceof String reason) {
      output.line("  " + reason);
    }
    if ("missing".equals(answer.get("row"))) {
      output.line("  " + style.yellow("there is no such row; the rules are asked about any row"));
    }
    for (Map<String, @Nullable Object> rule : objects(answer.get("rules"))) {
      output.line("");
      output.line(
          "%s policy %s, %s for %s (%s)"
              .formatted(
                  sign(rule),
                  style.bold(text(rule, "policy")),
                  text(rule, "rule"),
                  text(rule, "op"),
                  text(rule, "about")));
      if (rule.get("error") instanceof String error) {
        output.line("  " + text(rule, "expression"));
        output.line("  " + style.red("cannot be read, so it holds for nobody: ") + clean(error));
      }
      if (rule.get("tree") instanceof Map<?, ?> tree) {
        tree(Json.asObject(tree), "  ");
      }
    }
    if (answer.get("decided_by") instanceof Map<?, ?> members) {
      Map<String, @Nullable Object> decided = Json.asObject(members);
      output.line("");
      output.line(
          "decided by policy %s, %s: %s"
              .formatted(
                  text(decided, "policy"),
                  text(decided, "rule"),
                  style.bold(text(decided, "clause")) + values(decided)));
    }
  }

  private String headline(Map<String, @Nullable Object> answer) {
    String result = text(answer, "result");
    String shown =
        switch (result) {
          case "allow" -> style.green(result);
          case "deny" -> style.red(result);
          default -> style.yellow(result);
        };
    String target =
        answer.get("action") instanceof String action
            ? "action " + clean(action)
            : text(answer, "entity")
                + (answer.get("id") instanceof String id ? "/" + clean(id) : "");
    return "%s: %s, %s %s".formatted(shown, caller(answer), text(answer, "op"), target);
  }

  private static String caller(Map<String, @Nullable Object> answer) {
    if (!(answer.get("caller") instanceof Map<?, ?> caller)) {
      return "somebody";
    }
    String who =
        Boolean.TRUE.equals(caller.get("is_admin"))
            ? "admin"
            : caller.get("user_id") instanceof String user ? clean(user) : "anonymous";
    return caller.get("tenant_id") instanceof String tenant ? who + "@" + clean(tenant) : who;
  }

  private void tree(Map<String, @Nullable Object> node, String indent) {
    List<Map<String, @Nullable Object>> parts = objects(node.get("parts"));
    String shown =
        switch (text(node, "kind")) {
          case "or" -> "any of";
          case "and" -> "all of";
          case "not" -> "not";
          default -> text(node, "text") + values(node);
        };
    output.line(indent + sign(node) + " " + shown);
    for (Map<String, @Nullable Object> part : parts) {
      tree(part, indent + "  ");
    }
  }

  /** What the paths of a clause stand for. */
  private String values(Map<String, @Nullable Object> clause) {
    var shown = new ArrayList<String>();
    for (Map<String, @Nullable Object> value : objects(clause.get("values"))) {
      String one = text(value, "path") + " is " + clean(Json.text(value.get("value")));
      if (!shown.contains(one)) {
        shown.add(one);
      }
    }
    return shown.isEmpty() ? "" : style.dim("   " + String.join(", ", shown));
  }

  private String sign(Map<String, @Nullable Object> node) {
    return switch (text(node, "result")) {
      case "true" -> style.green(style.tick());
      case "false" -> style.red(style.cross());
      default -> style.yellow("?");
    };
  }

  private static String text(Map<String, @Nullable Object> object, String name) {
    return object.get(name) instanceof String text ? clean(text) : "";
  }

  private static String clean(String text) {
    return Style.clean(text);
  }

  private static List<Map<String, @Nullable Object>> objects(@Nullable Object value) {
    var objects = new ArrayList<Map<String, @Nullable Object>>();
    if (value instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> object) {
          objects.add(Json.asObject(object));
        }
      }
    }
    return objects;
  }
}
