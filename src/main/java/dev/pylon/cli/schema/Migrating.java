package dev.pylon.cli.schema;

import dev.pylon.boot.SchemaDesk;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Line;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Verbs;
import dev.pylon.cli.schema.MigrationFolder.Entry;
import dev.pylon.cli.schema.MigrationFolder.Status;
import dev.pylon.cli.text.Style;
import dev.pylon.config.DbConfig;
import dev.pylon.schema.Diagnostic;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.Rename;
import dev.pylon.schema.SchemaDiff.Removal;
import dev.pylon.schema.SchemaError;
import dev.pylon.schema.SchemaOperation;
import dev.pylon.schema.SchemaPlan;
import dev.pylon.schema.SchemaRequest;
import dev.pylon.store.migration.MigrationFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code pylon migrate plan}, {@code apply} and {@code auto}. An object serves one command. */
final class Migrating {
  private static final Pattern TABLE = Pattern.compile("(.+):(.+)");
  private static final Pattern COLUMN = Pattern.compile("(.+)\\.(.+):(.+)");

  private final Invocation invocation;
  private final Output output;
  private final DbConfig db;
  private final SchemaRequest request;
  private final List<Map<String, Object>> steps = new ArrayList<>();

  Migrating(Invocation invocation, List<String> words) {
    Verbs.requireWords(words, 0, 1, "migrate plan|apply|auto [manifest]");
    this.invocation = invocation;
    this.output = invocation.output();
    this.db = Databases.ofProject(invocation);
    Line line = invocation.line();
    String name = words.isEmpty() ? ManifestFile.usual(invocation) : words.getFirst();
    Manifest manifest = ManifestFile.require(invocation, name);
    this.request =
        new SchemaRequest(
            manifest,
            line.has("--allow-destructive") ? Removal.DROP : Removal.REFUSE,
            renames(line),
            null);
  }

  private static List<Rename> renames(Line line) {
    var renames = new ArrayList<Rename>();
    for (String hint : line.values("--rename-table")) {
      Matcher parts = parts("--rename-table", TABLE, hint, "OLD:NEW");
      renames.add(new Rename.OfEntity(parts.group(1), parts.group(2)));
    }
    for (String hint : line.values("--rename-column")) {
      Matcher parts = parts("--rename-column", COLUMN, hint, "TABLE.OLD:NEW");
      renames.add(new Rename.OfField(parts.group(1), parts.group(2), parts.group(3)));
    }
    return renames;
  }

  private static Matcher parts(String option, Pattern form, String hint, String shown) {
    Matcher parts = form.matcher(hint);
    if (!parts.matches()) {
      throw Failure.usage("%s takes %s, not \"%s\"".formatted(option, shown, hint), null);
    }
    return parts;
  }

  /** Says what {@link #apply} would do now. What files of SQL would change is not foreseen. */
  ExitStatus plan() {
    try (SchemaDesk desk = SchemaDesk.open(db, invocation.clock())) {
      pending(desk).forEach(file -> steps.add(step(file)));
      SchemaPlan plan = desk.plan(request);
      plan.operations().forEach(operation -> steps.add(step(operation)));
      report(0, plan.findings());
    }
    return ExitStatus.OK;
  }

  /** Runs the files that the database has not seen, then does what the manifest asks for. */
  ExitStatus apply() {
    try (SchemaDesk desk = SchemaDesk.open(db, invocation.clock())) {
      for (MigrationFile file : pending(desk)) {
        desk.run(file);
        steps.add(step(file));
        output.detail(file.filename() + " done");
      }
      return push(desk);
    }
  }

  /** Does what the manifest asks for, and nothing else. */
  ExitStatus auto() {
    try (SchemaDesk desk = SchemaDesk.open(db, invocation.clock())) {
      return push(desk);
    }
  }

  private ExitStatus push(SchemaDesk desk) {
    SchemaPlan plan = desk.plan(request);
    if (plan.isBlocked()) {
      if (!output.isJson()) {
        PlanText.print(output, plan);
        ManifestFile.tell(output, plan.findings());
      }
      throw PlanText.blocked(plan);
    }
    SchemaPlan done = desk.push(request, "migrate");
    done.operations().forEach(operation -> steps.add(step(operation)));
    report(steps.size(), done.findings());
    return ExitStatus.OK;
  }

  /**
   * The files to run. A file that is not what was run is refused: nobody knows what it would do.
   */
  private List<MigrationFile> pending(SchemaDesk desk) {
    var pending = new ArrayList<MigrationFile>();
    for (Entry entry : MigrationFolder.of(invocation).entries(desk.applied())) {
      if (entry.status() == Status.CHANGED) {
        throw new Failure(
            ExitStatus.FAILED,
            SchemaError.MIGRATION_INVALID.name(),
            entry.filename() + " was changed after it had been applied",
            "Put it back as it was, and write what is new into a new file");
      }
      if (entry.status() == Status.MISSING) {
        output.warning(entry.filename() + " was applied, and is not there any more");
      }
      if (entry.status() == Status.PENDING && entry.file() != null) {
        pending.add(entry.file());
      }
    }
    return pending;
  }

  private void report(int applied, List<Diagnostic> findings) {
    if (output.isJson()) {
      var json = new LinkedHashMap<String, @Nullable Object>();
      json.put("applied", applied);
      json.put("steps", steps);
      json.put("up_to_date", steps.isEmpty());
      json.put("diagnostics", PlanText.json(findings));
      output.json(json);
      return;
    }
    ManifestFile.tell(output, findings);
    steps.forEach(step -> output.line(Style.clean(String.valueOf(step.get("shown")))));
    output.note(
        steps.isEmpty()
            ? db.shown() + " is up to date"
            : "%d of %d steps done in %s".formatted(applied, steps.size(), db.shown()));
  }

  private static Map<String, Object> step(MigrationFile file) {
    var step = new LinkedHashMap<String, Object>();
    step.put("type", "sql_file");
    step.put("number", file.number());
    step.put("filename", file.filename());
    step.put("destructive", false);
    step.put("shown", file.filename());
    return step;
  }

  /** The step in the words of a database (data contract, 2.8). */
  private static Map<String, Object> step(SchemaOperation operation) {
    var step = new LinkedHashMap<String, Object>(operation.json());
    Object op = step.remove("op");
    var renamed = new LinkedHashMap<String, Object>();
    renamed.put("type", type(operation, String.valueOf(op)));
    step.forEach((key, value) -> renamed.put(key.equals("entity") ? "table" : key, value));
    renamed.put("destructive", operation.isDestructive());
    renamed.put("shown", operation.shown());
    return renamed;
  }

  private static String type(SchemaOperation operation, String op) {
    return switch (operation) {
      case SchemaOperation.CreateEntity _ -> "create_table";
      case SchemaOperation.RemoveEntity _ -> "drop_table";
      case SchemaOperation.AddField _ -> "add_column";
      case SchemaOperation.AlterField _ -> "alter_column";
      case SchemaOperation.RemoveField _ -> "drop_column";
      case SchemaOperation.AddIndex _ -> "create_index";
      case SchemaOperation.RemoveIndex _ -> "drop_index";
      case SchemaOperation.RenameEntity _ -> "rename_table";
      case SchemaOperation.RenameField _ -> "rename_column";
      case SchemaOperation.CreateSearchIndex _,
          SchemaOperation.RemoveSearchIndex _,
          SchemaOperation.RemoveOldSearch _ ->
          op;
    };
  }
}
