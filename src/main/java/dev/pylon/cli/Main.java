package dev.pylon.cli;

import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Line;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.OutputOptions;
import dev.pylon.cli.command.Release;
import dev.pylon.cli.command.Suggestions;
import dev.pylon.cli.command.Syntax;
import dev.pylon.config.Environment;
import dev.pylon.json.JsonException;
import dev.pylon.model.PylonException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the process starts: finds the command's name among the words, loads that one class, runs
 * it, and turns whatever it ends with into an exit status.
 */
public final class Main {
  /** Options before the command's name that are followed by a value. */
  private static final List<String> GLOBAL_VALUES = List.of("--cwd", "--output", "--color");

  /** Enough for most answers to leave in one write. */
  private static final int OUT_BUFFER_BYTES = 16 * 1024;

  private final Environment environment;
  private final InputStream in;
  private final OutputStream out;
  private final OutputStream err;

  Main(Environment environment, InputStream in, OutputStream out, OutputStream err) {
    this.environment = environment;
    this.in = in;
    this.out = out;
    this.err = err;
  }

  /** Runs a command and ends the process with its status. */
  public static void main(String[] args) {
    var main =
        new Main(
            Environment.ofProcess(),
            new FileInputStream(FileDescriptor.in),
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), OUT_BUFFER_BYTES),
            new FileOutputStream(FileDescriptor.err));
    ExitStatus status = ExitStatus.INTERNAL;
    try {
      status = main.run(List.of(args));
    } finally {
      // Not System.exit: that looks for a logger first. Whatever must be closed is closed by now
      // or never will be: a server nobody is in charge of must not go on.
      Runtime.getRuntime().halt(status.code());
    }
  }

  /** Runs a command line within this process: nothing to read, and one place to speak. */
  static void within(Environment environment, List<String> args, OutputStream said) {
    var _ = new Main(environment, InputStream.nullInputStream(), said, said).run(args);
  }

  /** Runs the command line {@code args}; never throws. */
  ExitStatus run(List<String> args) {
    var output = new Output(out, err, OutputOptions.guess(args, environment));
    try {
      ExitStatus status;
      try {
        status = dispatch(args);
      } catch (Failure | PylonException | Output.Closed e) {
        throw e;
      } catch (JsonException e) {
        throw new Failure(
            ExitStatus.FAILED,
            "ANSWER_NOT_JSON",
            "the server answered something that is not JSON: " + e.getMessage(),
            null);
      } catch (InterruptedException e) {
        status = ExitStatus.INTERRUPTED;
      } catch (Exception | StackOverflowError | OutOfMemoryError | LinkageError e) {
        status = internal(output, e);
      }
      output.flush();
      return status;
    } catch (Failure e) {
      return ended(output, e);
    } catch (PylonException e) {
      ExitStatus status = ExitStatus.of(e.code().name(), e.code().status());
      Object hint = e.details().get("hint");
      String text = hint == null ? null : hint.toString();
      return ended(output, new Failure(status, e.code().name(), e.message(), text));
    } catch (Output.Closed e) {
      return ExitStatus.OK;
    }
  }

  private static ExitStatus ended(Output output, Failure failure) {
    try {
      output.failure(
          failure.status(), failure.code(), failure.message(), failure.hint().orElse(null));
      output.flush();
    } catch (Failure | Output.Closed e) {
      output.tell(failure.message());
    }
    return failure.status();
  }

  private ExitStatus dispatch(List<String> args) throws Exception {
    int at = commandIndex(args);
    if (at < 0) {
      return withoutCommand(args);
    }
    Syntax syntax = syntax(args.get(at));
    var rest = new ArrayList<>(args);
    rest.remove(at);
    Line line = Line.parse(syntax, rest);
    var answers = new Output(out, err, OutputOptions.of(line, environment));
    if (line.has("--help")) {
      HelpCommand.page(answers, syntax);
      answers.flush();
      return ExitStatus.OK;
    }
    if (line.has("--version")) {
      VersionCommand.print(answers);
      return ExitStatus.OK;
    }
    var invocation = new Invocation(line, answers, in, directory(line), InstantSource.system());
    return syntax.command().run(invocation);
  }

  /** {@code pylon} alone, or with options that need no command. */
  private ExitStatus withoutCommand(List<String> args) {
    Line line = Line.parse(Syntax.of("help", new HelpCommand()), args);
    var answers = new Output(out, err, OutputOptions.of(line, environment));
    if (line.has("--version")) {
      VersionCommand.print(answers);
    } else {
      HelpCommand.overview(answers);
    }
    return ExitStatus.OK;
  }

  /**
   * The syntax of the command called {@code word}.
   *
   * @throws Failure where there is none; with the nearest name
   */
  static Syntax syntax(String word) {
    Command command =
        Commands.find(word)
            .orElseThrow(() ->
                Failure.usage(
                    "unknown command \"%s\"".formatted(word),
                    Suggestions.command(word, Commands.NAMES)
                        .map(name -> "Did you mean: " + name + "?")
                        .orElse("See: pylon --help")));
    return Syntax.of(Commands.name(word), command);
  }

  /** Where the command's name stands, or -1. */
  private static int commandIndex(List<String> args) {
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      if (GLOBAL_VALUES.contains(arg)) {
        i++;
      } else if (!arg.startsWith("-") || arg.equals("-")) {
        return i;
      }
    }
    return -1;
  }

  private Environment directory(Line line) {
    Optional<String> cwd = line.value("--cwd");
    if (cwd.isEmpty()) {
      return environment;
    }
    Environment there = environment.in(Path.of(cwd.get()));
    if (!Files.isDirectory(there.directory())) {
      throw new Failure(
          ExitStatus.NO_INPUT, "NO_SUCH_DIRECTORY", "no such directory: " + cwd.get(), null);
    }
    if (!Files.isReadable(there.directory()) || !Files.isExecutable(there.directory())) {
      throw new Failure(
          ExitStatus.NO_INPUT,
          "UNREADABLE_DIRECTORY",
          "this directory may not be read: " + cwd.get(),
          null);
    }
    return there;
  }

  private ExitStatus internal(Output output, Throwable e) {
    output.failure(
        ExitStatus.INTERNAL,
        "INTERNAL",
        "a mistake of pylon itself: " + e,
        "pylon %s; %s".formatted(Release.version(), report(e)));
    if (output.options().verbose() || environment.variable("PYLON_DEBUG").isPresent()) {
      output.tell(CrashReport.trace(e));
    }
    return ExitStatus.INTERNAL;
  }

  private String report(Throwable e) {
    try {
      return CrashReport.write(environment, e, InstantSource.system().instant())
          .map(file -> "where it happened: " + file)
          .orElse("again with --verbose to see where");
    } catch (LinkageError unloadable) {
      return "its files were replaced while it ran: start it again";
    }
  }
}
