package dev.pylon.cli;

import dev.pylon.cli.command.Release;
import dev.pylon.config.Environment;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What pylon itself did wrong the last time, in one file of the user's state folder: for whoever
 * reports it. Says where in the program, and nothing that was typed.
 */
final class CrashReport {
  private static final String NAME = "pylon/internal-error.txt";

  private CrashReport() {}

  /** Where it happened, line by line. */
  static String trace(Throwable mistake) {
    var trace = new StringWriter();
    mistake.printStackTrace(new PrintWriter(trace));
    return trace.toString();
  }

  /** Writes the report over the one before; empty where there is no place for it. */
  static Optional<Path> write(Environment environment, Throwable mistake, Instant now) {
    Optional<Path> file =
        environment
            .variable("XDG_STATE_HOME")
            .map(Path::of)
            .or(() -> environment.variable("HOME").map(home -> Path.of(home, ".local/state")))
            .filter(Path::isAbsolute)
            .map(folder -> folder.resolve(NAME));
    return file.filter(path -> wrote(path, text(environment, mistake, now)));
  }

  private static String text(Environment environment, Throwable mistake, Instant now) {
    return "pylon %s, Java %s, %s %s, %s%n%n%s"
        .formatted(
            Release.version(),
            environment.property("java.version").orElse("?"),
            environment.property("os.name").orElse("?"),
            environment.property("os.arch").orElse("?"),
            now,
            trace(mistake));
  }

  private static boolean wrote(Path path, String text) {
    try {
      Files.createDirectories(path.getParent());
      Files.writeString(path, text);
      return true;
    } catch (IOException e) {
      return false; // the message on the terminal has to do
    }
  }
}
