package dev.pylon.cli;

import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Release;
import dev.pylon.cli.command.Syntax;
import dev.pylon.cli.text.PrettyJson;
import dev.pylon.cli.text.Style;
import dev.pylon.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code pylon help [command|exit-codes]}: the same page as {@code pylon command --help}. */
final class HelpCommand implements Command {

  @Override
  public void describe(Syntax syntax) {
    syntax
        .summary("Show the commands, or one command's page.")
        .words("[<command>|exit-codes|answers|reference|man <command>]")
        .example("pylon help call", "The page of \"pylon call\".")
        .example("pylon help exit-codes", "Every exit status and its meaning.")
        .example("pylon help answers", "JSON Schemas of what commands answer with --json.")
        .example("pylon help man call | man -l -", "The manual page, where there is \"man\".")
        .example("pylon help reference", "All commands as one page of Markdown.");
  }

  @Override
  public ExitStatus run(Invocation invocation) {
    List<String> words = invocation.line().words();
    Output output = invocation.output();
    if (words.isEmpty()) {
      overview(output);
    } else if (words.size() == 2 && words.getFirst().equals("man")) {
      ManPage.of(Main.syntax(words.get(1)), Release.version()).forEach(output::line);
    } else if (words.size() > 1) {
      throw Failure.usage("\"pylon help\" takes one word", "See: pylon help");
    } else if (words.getFirst().equals("exit-codes")) {
      exitCodes(output);
    } else if (words.getFirst().equals("answers")) {
      answers(output);
    } else if (words.getFirst().equals("reference")) {
      Reference.lines().forEach(output::line);
    } else {
      page(output, Main.syntax(words.getFirst()));
    }
    return ExitStatus.OK;
  }

  /** The page of one command. */
  static void page(Output output, Syntax syntax) {
    if (output.isJson()) {
      output.json(json(syntax));
    } else {
      HelpPage.of(syntax, output.style()).forEach(output::line);
    }
  }

  /** What {@code pylon} alone prints. */
  static void overview(Output output) {
    var commands = new ArrayList<Map<String, Object>>();
    for (String name : Commands.NAMES) {
      Syntax syntax = Main.syntax(name);
      var command = new LinkedHashMap<String, Object>();
      command.put("name", name);
      command.put("summary", syntax.summary());
      commands.add(command);
    }
    if (output.isJson()) {
      output.json(Map.of("commands", commands));
      return;
    }
    Style style = output.style();
    output.line(
        "A realtime backend and developer tool: a schema, TypeScript functions, one process.");
    output.line("");
    output.line(style.bold("Usage:") + " pylon <command> [options]");
    output.line("");
    output.line(style.bold("Commands:"));
    for (Map<String, Object> command : commands) {
      output.line("  %-12s %s".formatted(command.get("name"), command.get("summary")));
    }
    output.line("");
    output.line("\"pylon help <command>\" tells more about one of them.");
  }

  private static Map<String, Object> json(Syntax syntax) {
    var page = new LinkedHashMap<String, Object>();
    page.put("name", syntax.name());
    page.put("summary", syntax.summary());
    page.put("usage", HelpPage.usage(syntax));
    page.put(
        "effects",
        Effect.of(syntax.name()).stream().map(e -> e.name().toLowerCase(Locale.ROOT)).toList());
    var options = new ArrayList<Map<String, Object>>();
    for (var option : syntax.spec().options()) {
      var entry = new LinkedHashMap<String, Object>();
      entry.put("names", List.of(option.names()));
      entry.put("value", option.arity().max() == 0 ? null : option.paramLabel());
      entry.put("description", String.join(" ", option.description()));
      options.add(entry);
    }
    page.put("options", options);
    return page;
  }

  private static void answers(Output output) {
    if (output.isJson()) {
      output.json(Answers.schemas());
    } else {
      output.line(PrettyJson.of(Json.bytes(Answers.schemas()), output.style()));
    }
  }

  private static void exitCodes(Output output) {
    if (output.isJson()) {
      var codes = new ArrayList<Map<String, Object>>();
      for (ExitStatus status : ExitStatus.values()) {
        var code = new LinkedHashMap<String, Object>();
        code.put("exit", status.code());
        code.put("name", status.name());
        code.put("meaning", status.meaning());
        codes.add(code);
      }
      output.json(codes);
      return;
    }
    for (ExitStatus status : ExitStatus.values()) {
      output.line("%4d  %s".formatted(status.code(), status.meaning()));
    }
  }
}
