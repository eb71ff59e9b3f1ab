package dev.pylon.cli.schema;

import dev.pylon.boot.SchemaDesk;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Line;
import dev.pylon.cli.command.Output;
import dev.pylon.config.DbConfig;
import dev.pylon.schema.ColumnTypes;
import dev.pylon.schema.FieldType;
import dev.pylon.schema.LiveSchema;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.SchemaDiff;
import dev.pylon.schema.SchemaDiff.Removal;
import dev.pylon.schema.SchemaOperation;
import dev.pylon.schema.SchemaPlan;
import dev.pylon.schema.SchemaRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code pylon schema push MANIFEST}: makes a database fit, or says what that would take. */
final class SchemaPushing {
  private final Invocation invocation;
  private final Line line;
  private final Output output;

  SchemaPushing(Invocation invocation) {
    this.invocation = invocation;
    this.line = invocation.line();
    this.output = invocation.output();
  }

  ExitStatus run(List<String> words) {
    if (words.size() != 1) {
      throw new Failure(
          ExitStatus.USAGE,
          "PUSH_MISSING_MANIFEST",
          "which manifest? \"pylon schema push\" takes one",
          "For example: pylon schema push pylon.manifest.json --sqlite .pylon/dev.db");
    }
    Optional<DbConfig> target = target();
    Manifest manifest = ManifestFile.require(invocation, words.getFirst());
    @Nullable Manifest from =
        line.value("--from").map(name -> ManifestFile.require(invocation, name)).orElse(null);
    var request = new SchemaRequest(manifest, removal(), List.of(), from);
    return target.isPresent() ? push(target.get(), request) : rehearse(request);
  }

  private Optional<DbConfig> target() {
    Optional<DbConfig> named = Databases.named(invocation);
    if (line.has("--dry-run") && named.isPresent()) {
      throw new Failure(
          ExitStatus.USAGE,
          "PUSH_AMBIGUOUS_MODE",
          "--dry-run looks at no database",
          "\"pylon migrate plan\" says what the project's database needs");
    }
    if (!line.has("--dry-run") && named.isEmpty()) {
      throw new Failure(
          ExitStatus.USAGE,
          "PUSH_NO_TARGET",
          "which database? --sqlite PATH or --postgres URL, or --dry-run for none",
          null);
    }
    return named;
  }

  private Removal removal() {
    if (line.has("--allow-destructive")) {
      return Removal.DROP;
    }
    return line.value("--from").isPresent() ? Removal.REFUSE : Removal.KEEP;
  }

  /** Compares with an earlier manifest, or with nothing; no database is touched. */
  private ExitStatus rehearse(SchemaRequest request) {
    var types = new ByName();
    LiveSchema before =
        request.from() == null ? LiveSchema.empty() : LiveSchema.of(request.from(), types);
    var all = new SchemaRequest(request.manifest(), Removal.DROP, List.of(), request.from());
    SchemaPlan plan = SchemaDiff.between(before, all, types);
    String baseline = request.from() == null ? "empty" : "manifest";
    if (output.isJson()) {
      output.json(json("PUSH_DRY_RUN", false, null, baseline, request.manifest(), plan));
    } else {
      ManifestFile.tell(output, plan.findings());
      PlanText.print(output, plan);
      output.note(plan.operations().size() + " steps; nothing was done");
    }
    return ExitStatus.OK;
  }

  /** Types of no database in particular: alike where every database stores them alike. */
  private record ByName() implements ColumnTypes {
    @Override
    public String declare(FieldType type) {
      return type.text();
    }

    @Override
    public boolean fits(FieldType type, String declared) {
      return FieldType.parse(declared).map(type::isStoredLike).orElse(false);
    }
  }

  private ExitStatus push(DbConfig db, SchemaRequest request) {
    String baseline = db.file() == null ? "live_postgres" : "live_sqlite";
    try (SchemaDesk desk = SchemaDesk.open(db, invocation.clock())) {
      SchemaPlan plan = desk.plan(request);
      if (plan.isBlocked()) {
        return blocked(json("PUSH_BLOCKED", false, db, baseline, request.manifest(), plan), plan);
      }
      SchemaPlan done = desk.push(request, baseline);
      if (output.isJson()) {
        output.json(json("PUSH_APPLIED", true, db, baseline, request.manifest(), done));
      } else {
        ManifestFile.tell(output, done.findings());
        PlanText.print(output, done);
        output.note(
            done.isEmpty()
                ? db.shown() + " fits already"
                : done.operations().size() + " steps done in " + db.shown());
      }
      return ExitStatus.OK;
    }
  }

  private ExitStatus blocked(Map<String, @Nullable Object> json, SchemaPlan plan) {
    Failure failure = PlanText.blocked(plan);
    if (!output.isJson()) {
      PlanText.print(output, plan);
      ManifestFile.tell(output, plan.findings());
      output.tell(output.errStyle().red(output.errStyle().cross()) + " nothing was done");
      return failure.status();
    }
    var error = new LinkedHashMap<String, @Nullable Object>();
    error.put("code", failure.code());
    error.put("message", failure.message());
    failure.hint().ifPresent(hint -> error.put("hint", hint));
    json.put("error", error);
    json.put("exit", failure.status().code());
    output.json(json);
    return failure.status();
  }

  private Map<String, @Nullable Object> json(
      String code,
      boolean applied,
      @Nullable DbConfig db,
      String baseline,
      Manifest manifest,
      SchemaPlan plan) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("code", code);
    json.put("dry_run", db == null);
    json.put("applied", applied);
    if (db != null) {
      json.put("adapter", db.file() == null ? "postgres" : "sqlite");
      json.put("database_path", db.file() == null ? db.shown() : db.file().toString());
    }
    json.put("baseline", baseline);
    json.put("manifest_version", Manifest.MANIFEST_VERSION);
    json.put("app_version", manifest.version());
    json.put("plan", Map.of("operations", SchemaOperation.json(plan.operations())));
    json.put("analysis", PlanText.analysis(plan));
    json.put("diagnostics", PlanText.json(plan.findings()));
    return json;
  }
}
