package dev.pylon.cli.data;

import dev.pylon.boot.Backup;
import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Release;
import dev.pylon.cli.command.Syntax;
import dev.pylon.cli.schema.Databases;
import dev.pylon.cli.schema.ManifestFile;
import dev.pylon.config.DbConfig;
import dev.pylon.config.Environment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code pylon backup FILE}: writes rows, manifest and uploads into one file. */
public final class BackupCommand implements Command {

  @Override
  public void describe(Syntax syntax) {
    syntax
        .summary("Save rows, manifest and uploads into one file, also while a server runs.")
        .words("<file>|<folder>")
        .example("pylon backup saved.zip", "One file, checked after it was written.")
        .example("pylon backup backups --json", "Into a folder, under the time of day.")
        .value("--db", "PATH", "The SQLite file (.pylon/dev.db).");
    syntax.details(
        "Each database is saved as it was at one moment; writers need not wait. A Postgres database"
            + " is saved with its own tool, pg_dump.");
  }

  @Override
  public ExitStatus run(Invocation invocation) {
    List<String> words = invocation.line().words();
    if (words.size() != 1) {
      throw Failure.usage("\"pylon backup\" takes the file to write", "pylon backup saved.zip");
    }
    Backup.Parts parts = parts(invocation);
    Path target = target(invocation, words.getFirst());
    var about = new LinkedHashMap<String, Object>();
    about.put("format", 1);
    about.put("pylon", Release.version());
    about.put("created_at", invocation.clock().instant().toString());
    invocation.output().doing("saving " + parts.database());
    tell(invocation.output(), "target", target, Backup.write(parts, target, about));
    return ExitStatus.OK;
  }

  private static Path target(Invocation invocation, String word) {
    Path named = invocation.environment().directory().resolve(word);
    if (!Files.isDirectory(named)) {
      return named;
    }
    String time = invocation.clock().instant().toString().replaceAll("[:.].*|[^0-9TZ]", "");
    return named.resolve("pylon-" + time + ".zip");
  }

  /** Where the project's data is. */
  static Backup.Parts parts(Invocation invocation) {
    DbConfig db = Databases.ofProject(invocation);
    @Nullable Path file = db.file();
    if (file == null) {
      throw new Failure(
          ExitStatus.UNAVAILABLE,
          "NOT_IN_THIS_VERSION",
          "only SQLite databases are saved, and this project uses " + db.shown(),
          "Postgres has a tool of its own: pg_dump");
    }
    Environment environment = invocation.environment();
    Path uploads =
        environment
            .variable("PYLON_FILES_DIR")
            .map(environment.directory()::resolve)
            .orElseGet(() -> environment.directory().resolve(".pylon/uploads"));
    return new Backup.Parts(file, Path.of(ManifestFile.usual(invocation)), uploads);
  }

  /** Says what was saved or brought back. */
  static void tell(Output output, String name, Path file, Backup.Contents contents) {
    if (output.isJson()) {
      var json = new LinkedHashMap<String, @Nullable Object>();
      json.put("ok", true);
      json.put(name, file.toString());
      json.put("db", contents.databases());
      json.put("manifest", contents.manifest());
      json.put(name.equals("target") ? "uploaded_files" : "restored_files", contents.uploads());
      output.json(json);
      return;
    }
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("databases", contents.databases().size());
    facts.put("uploads", contents.uploads());
    output.line(file.toString());
    facts.forEach((what, count) -> output.note("  %s: %s".formatted(what, count)));
    output.note("  every file was read back and compared");
  }
}
