package dev.pylon.cli.schema;

import dev.pylon.boot.SchemaDesk;
import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Syntax;
import dev.pylon.cli.command.Table;
import dev.pylon.cli.command.Verbs;
import dev.pylon.cli.schema.MigrationFolder.Entry;
import dev.pylon.cli.schema.MigrationFolder.Status;
import dev.pylon.cli.text.Style;
import dev.pylon.config.DbConfig;
import dev.pylon.store.migration.MigrationFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code pylon migrate VERB}: files of SQL and the manifest, brought into the database. */
public final class MigrateCommand implements Command {
  static final List<String> VERBS = List.of("create", "list", "status", "plan", "apply", "auto");

  @Override
  public void describe(Syntax syntax) {
    syntax
        .summary("Bring the project's database in step, with your own SQL too.")
        .words("create|list|status|plan|apply|auto [name|manifest]")
        .example("pylon migrate create fill_due_dates", "A new file for SQL of your own.")
        .example("pylon migrate list", "The files, and which of them the database has seen.")
        .example("pylon migrate plan", "What apply would do.")
        .example("pylon migrate apply", "Run the new files in order, then make the manifest fit.")
        .example(
            "pylon migrate auto --rename-column Todo.text:title",
            "Only what the manifest asks for; a column keeps its values under another name.")
        .value("--db", "PATH|URL", "The database; else the one of the project.")
        .flag("--allow-destructive", "Drop what was declared and is no more.")
        .values("--rename-table", "OLD:NEW", "What goes on under another name.")
        .values("--rename-column", "TABLE.OLD:NEW", "The same for a column.")
        .flag("-y, --yes", "Ask nothing. Nothing is asked anyway; here for scripts.")
        .details(
            "Files are migrations/NNNN_name.sql. Each runs once, in a transaction of its own, up to"
                + " a line \"-- down\"; a file that was changed afterwards is refused. What the"
                + " manifest asks for is done in one transaction.",
            "The database is --db, else DATABASE_URL, else PYLON_DB_PATH, else .pylon/dev.db; the"
                + " manifest is the one named, else PYLON_MANIFEST, else pylon.manifest.json.");
  }

  @Override
  public ExitStatus run(Invocation invocation) {
    List<String> words = invocation.line().words();
    String verb = words.isEmpty() ? "" : words.getFirst();
    List<String> rest = words.isEmpty() ? words : words.subList(1, words.size());
    return switch (verb) {
      case "create" -> create(invocation, rest);
      case "list" -> list(invocation, rest);
      case "status" -> status(invocation, rest);
      case "plan" -> new Migrating(invocation, rest).plan();
      case "apply" -> new Migrating(invocation, rest).apply();
      case "auto" -> new Migrating(invocation, rest).auto();
      default -> throw Verbs.unknown("migrate", verb, VERBS);
    };
  }

  private static ExitStatus create(Invocation invocation, List<String> words) {
    Verbs.requireWords(words, 1, 1, "migrate create <name>");
    MigrationFolder folder = MigrationFolder.of(invocation);
    MigrationFile file = folder.create(words.getFirst());
    Output output = invocation.output();
    if (output.isJson()) {
      var json = new LinkedHashMap<String, @Nullable Object>();
      json.put("created", file.filename());
      json.put("path", folder.path().resolve(file.filename()).toString());
      json.put("number", file.number());
      output.json(json);
    } else {
      output.line("migrations/" + file.filename());
      output.note("Next: write it, then pylon migrate apply");
    }
    return ExitStatus.OK;
  }

  private static ExitStatus list(Invocation invocation, List<String> words) {
    Verbs.requireWords(words, 0, 0, "migrate list");
    List<Entry> entries = entries(invocation);
    Output output = invocation.output();
    if (output.isJson()) {
      output.json(Map.of("migrations", entries.stream().map(MigrateCommand::json).toList()));
    } else {
      Table.print(
          output,
          entries.stream()
              .map(entry -> List.of(entry.status().text(), Style.clean(entry.filename())))
              .toList());
    }
    return ExitStatus.OK;
  }

  private static Map<String, @Nullable Object> json(Entry entry) {
    MigrationFile file = entry.file();
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("number", file == null ? null : file.number());
    json.put("name", file == null ? null : file.name());
    json.put("filename", entry.filename());
    json.put("status", entry.status().text());
    return json;
  }

  private static ExitStatus status(Invocation invocation, List<String> words) {
    Verbs.requireWords(words, 0, 0, "migrate status");
    List<Entry> entries = entries(invocation);
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("total", entries.size());
    for (Status status : List.of(Status.APPLIED, Status.PENDING, Status.CHANGED, Status.MISSING)) {
      json.put(status.text(), entries.stream().filter(entry -> entry.status() == status).count());
    }
    Output output = invocation.output();
    if (output.isJson()) {
      output.json(json);
    } else {
      json.forEach((name, count) -> output.line(name + " " + count));
    }
    return ExitStatus.OK;
  }

  private static List<Entry> entries(Invocation invocation) {
    DbConfig db = Databases.ofProject(invocation);
    Map<String, String> applied = Map.of();
    if (SchemaDesk.exists(db)) {
      try (SchemaDesk desk = SchemaDesk.open(db, invocation.clock())) {
        applied = desk.applied();
      }
    }
    return MigrationFolder.of(invocation).entries(applied);
  }
}
