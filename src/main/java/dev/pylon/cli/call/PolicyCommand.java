package dev.pylon.cli.call;

import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Input;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Syntax;
import dev.pylon.cli.command.Verbs;
import dev.pylon.cli.remote.Caller;
import dev.pylon.cli.remote.Remote;
import dev.pylon.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code pylon policy explain Entity[/id]}: why somebody may or may not do something. */
public final class PolicyCommand implements Command {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final Set<String> OPS = Set.of("read", "insert", "update", "delete", "action");

  @Override
  public void describe(Syntax syntax) {
    syntax
        .summary("Explain why a policy lets somebody do something, or does not.")
        .words("explain <Entity>[/<id>]|<action>")
        .example("pylon policy explain Todo/t1 --as u_42", "May u_42 read this row?")
        .example("pylon policy explain Todo --anon", "May a stranger read any row of it?")
        .example(
            "pylon policy explain Todo/t1 --as u_42 --op update --data '{\"done\":true}'",
            "May they change it so?")
        .example("pylon policy explain archive --op action --as u_42", "May they do this action?")
        .value("--op", "OP", "read (the default), insert, update, delete or action.")
        .value("--data", "JSON|@FILE|-", "The row to add, the fields to change, the input.");
    Caller.describe(syntax);
    Remote.describe(syntax);
    syntax.details(
        "Every rule that is asked is shown as a tree: what each part of it came to, and the clause"
            + " that decided. A rule that depends on the row is unknown until an id is given.");
  }

  @Override
  public ExitStatus run(Invocation invocation) {
    List<String> words = invocation.line().words();
    if (words.isEmpty() || !words.getFirst().equals("explain")) {
      throw Verbs.unknown("policy", words.isEmpty() ? "" : words.getFirst(), List.of("explain"));
    }
    Verbs.requireWords(words, 2, 2, "policy explain <Entity>[/<id>]");
    try (Remote remote = Remote.connect(invocation)) {
      Map<String, @Nullable Object> answer = ask(invocation, remote, words.get(1));
      Output output = invocation.output();
      if (output.isJson()) {
        output.json(answer);
      } else {
        new PolicyText(output).print(answer);
      }
      return ExitStatus.OK;
    }
  }

  private static Map<String, @Nullable Object> ask(
      Invocation invocation, Remote remote, String target) {
    String op = invocation.line().value("--op").orElse("read");
    if (!OPS.contains(op)) {
      throw Failure.usage(
          "unknown --op \"%s\"".formatted(op), "It is read, insert, update, delete or action");
    }
    var question = new LinkedHashMap<String, @Nullable Object>();
    question.put("op", op);
    int slash = target.indexOf('/');
    if (op.equals("action")) {
      question.put("action", target);
    } else {
      question.put("entity", slash < 0 ? target : target.substring(0, slash));
      if (slash >= 0) {
        question.put("id", target.substring(slash + 1));
      }
    }
    invocation
        .line()
        .value("--data")
        .ifPresent(data -> question.put("data", data(invocation, data)));
    question.put("as", Caller.of(invocation).subject(invocation, remote));

    byte[] body = remote.askAsAdmin("/api/admin/policy/explain", question, PATIENCE);
    return Json.parseObject(body);
  }

  private static Map<String, @Nullable Object> data(Invocation invocation, String value) {
    if (value.equals("-") || value.startsWith("@")) {
      String file = value.equals("-") ? value : value.substring(1);
      return Arguments.base(Input.bytes(invocation, file), file);
    }
    return Arguments.base(value.getBytes(StandardCharsets.UTF_8), "--data");
  }
}
