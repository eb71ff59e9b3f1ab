package dev.pylon.cli.scaffold;

import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Line;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Syntax;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code pylon init PATH}: a new project that runs at once. */
public final class InitCommand implements Command {

  @Override
  public void describe(Syntax syntax) {
    syntax
        .summary("Make a new project that runs at once.")
        .words("<path>")
        .example("pylon init notes", "A project in the new folder \"notes\".")
        .example("pylon init .", "In this folder, which must be empty.")
        .value("--template", "NAME", "What to begin with: basic.")
        .value("--frontend", "NAME", "The web part: none.")
        .flag("-y, --yes", "Ask nothing. Nothing is asked anyway; here for scripts.")
        .flag("--no-prompt", "The same as --yes.");
  }

  @Override
  public ExitStatus run(Invocation invocation) {
    Line line = invocation.line();
    requireOne(
        line.value("--template").orElse("basic"), "basic", "INIT_UNKNOWN_TEMPLATE", "template");
    requireOne(
        line.value("--frontend").orElse("none"), "none", "INIT_UNKNOWN_FRONTEND", "front end");
    Path folder = folder(invocation);
    String name = name(folder);
    makeEmpty(folder);
    List<String> files = write(folder, name);
    report(invocation, name, folder, files);
    return ExitStatus.OK;
  }

  private static void requireOne(String value, String known, String code, String what) {
    if (!value.equals(known)) {
      throw new Failure(
          ExitStatus.USAGE, code, "unknown %s \"%s\"".formatted(what, value), "There is: " + known);
    }
  }

  private static Path folder(Invocation invocation) {
    List<String> words = invocation.line().words();
    if (words.size() != 1) {
      throw new Failure(
          ExitStatus.USAGE,
          "INIT_NO_PATH",
          "where? \"pylon init\" takes one folder",
          "For example: pylon init notes");
    }
    try {
      return invocation.environment().directory().resolve(words.getFirst()).normalize();
    } catch (InvalidPathException e) {
      throw new Failure(
          ExitStatus.USAGE, "INIT_INVALID_NAME", "not a path: " + words.getFirst(), null);
    }
  }

  private static String name(Path folder) {
    Path last = folder.getFileName();
    String name = last == null ? "" : last.toString().toLowerCase(Locale.ROOT).replace(' ', '-');
    boolean isName =
        !name.isEmpty()
            && name.length() <= 100
            && name.chars()
                .allMatch(
                    c -> c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || "._-".indexOf(c) >= 0)
            && Character.isLetterOrDigit(name.charAt(0));
    if (!isName) {
      throw new Failure(
          ExitStatus.USAGE,
          "INIT_INVALID_NAME",
          "a project cannot be called \"%s\"".formatted(name),
          "Letters, digits, dot, dash and underscore; a letter or digit first");
    }
    return name;
  }

  private static void makeEmpty(Path folder) {
    try {
      if (Files.exists(folder)) {
        try (DirectoryStream<Path> content = Files.newDirectoryStream(folder)) {
          if (content.iterator().hasNext()) {
            throw failed("INIT_DIR_EXISTS", folder + " exists and is not empty", null);
          }
        }
      }
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw failed("INIT_MKDIR_FAILED", "cannot make the folder " + folder, e);
    }
  }

  private static List<String> write(Path folder, String name) {
    try {
      return Scaffold.write(folder, name);
    } catch (IOException e) {
      throw failed("INIT_WRITE_FAILED", "cannot write into " + folder, e);
    }
  }

  private static Failure failed(String code, String message, @Nullable IOException e) {
    String reason = e == null ? "" : ": " + e.getClass().getSimpleName() + " " + e.getMessage();
    return new Failure(ExitStatus.FAILED, code, message + reason, null);
  }

  private static void report(Invocation invocation, String name, Path folder, List<String> files) {
    Output output = invocation.output();
    if (output.isJson()) {
      var answer = new LinkedHashMap<String, @Nullable Object>();
      answer.put("code", "INIT_OK");
      answer.put("name", name);
      answer.put("path", folder.toString());
      answer.put("frontend", "none");
      answer.put("files", files);
      output.json(answer);
      return;
    }
    output.line(
        "%s %s: %d files"
            .formatted(output.style().green(output.style().tick()), folder, files.size()));
    Path here = invocation.environment().directory();
    String there = folder.equals(here) ? "" : "cd " + invocation.line().words().getFirst() + " && ";
    output.note("Next: " + there + "pylon dev");
  }
}
