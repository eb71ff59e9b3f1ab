package dev.pylon.cli.data;

import dev.pylon.boot.Backup;
import dev.pylon.boot.Restore;
import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Syntax;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** {@code pylon restore FILE}: puts back what {@code pylon backup} saved. */
public final class RestoreCommand implements Command {

  @Override
  public void describe(Syntax syntax) {
    syntax
        .summary("Replace rows, manifest and uploads by those of a backup.")
        .words("<file>")
        .example("pylon restore saved.zip", "Asks first: what is there now is lost.")
        .example("pylon restore saved.zip --check", "Only reads it and compares every sum.")
        .flag("-y, --yes", "Do not ask.")
        .flag("--check", "Change nothing; say whether the file is whole.")
        .value("--db", "PATH", "The SQLite file (.pylon/dev.db).");
  }

  @Override
  public ExitStatus run(Invocation invocation) throws IOException {
    List<String> words = invocation.line().words();
    if (words.size() != 1) {
      throw Failure.usage("\"pylon restore\" takes the file to read", "pylon restore saved.zip");
    }
    Path archive = invocation.environment().directory().resolve(words.getFirst());
    if (!Files.isRegularFile(archive)) {
      throw new Failure(
          ExitStatus.NO_INPUT, "INPUT_UNREADABLE", "no such file: " + words.getFirst(), null);
    }
    if (invocation.line().has("--check")) {
      Restore.verify(archive);
      invocation.output().note(words.getFirst() + " is whole");
      return ExitStatus.OK;
    }
    Backup.Parts parts = BackupCommand.parts(invocation);
    if (Files.exists(parts.database()) && !mayReplace(invocation, parts.database())) {
      throw new Failure(ExitStatus.FAILED, "CANCELLED", "nothing was changed", null);
    }
    Path folder = invocation.environment().directory().resolve(".pylon");
    BackupCommand.tell(
        invocation.output(), "source", archive, Restore.from(archive, parts, folder));
    return ExitStatus.OK;
  }

  private static boolean mayReplace(Invocation invocation, Path database) throws IOException {
    if (invocation.line().has("--yes")) {
      return true;
    }
    String streams = invocation.environment().property("pylon.terminal").orElse("");
    if (!streams.contains("i") || !streams.contains("e")) {
      throw Failure.usage("restoring replaces " + database, "Say that you mean it: --yes");
    }
    invocation.output().tell("Replace " + database + "? [y/N]");
    var reader =
        new BufferedReader(new InputStreamReader(invocation.input(), StandardCharsets.UTF_8));
    @Nullable String answer = reader.readLine();
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
  }
}
