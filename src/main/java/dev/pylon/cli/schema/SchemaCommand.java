package dev.pylon.cli.schema;

import dev.pylon.cli.command.Command;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Syntax;
import dev.pylon.cli.command.Verbs;
import java.util.List;

/** {@code pylon schema VERB}: checks manifests, and looks at databases and changes them. */
public final class SchemaCommand implements Command {
  static final List<String> VERBS = List.of("check", "diff", "push", "inspect", "history");

  @Override
  public void describe(Syntax syntax) {
    syntax
        .summary("Check a manifest, compare two, bring a database in step.")
        .words("check|diff|push|inspect|history [manifest…]")
        .example("pylon schema check", "Is pylon.manifest.json as it should be?")
        .example("pylon schema diff old.json new.json", "In what two manifests differ.")
        .example(
            "pylon schema push pylon.manifest.json --sqlite .pylon/dev.db",
            "Make the database fit, adding only.")
        .example("pylon schema inspect", "The tables of the project's database.")
        .example("pylon schema history --limit 5", "What was done to them.")
        .flag("--dry-run", "push: say what would be done to an empty database, or since --from.")
        .value("--sqlite", "PATH", "The database, a file.")
        .value("--postgres", "URL", "The database, a Postgres server.")
        .value("--from", "MANIFEST", "push: what this one had and the new has not is dropped.")
        .flag("--allow-destructive", "push: drop columns and tables that are declared no more.")
        .value("--limit", "N", "history: newest entries shown (20).")
        .value("--id", "ID", "history: this entry, with its steps.")
        .details(
            "A push adds what is missing. What the manifest has no more stays where it is, unless"
                + " --allow-destructive says otherwise; then only what an earlier manifest declared"
                + " is dropped. A change that the rows forbid is refused, and nothing is done.",
            "inspect and history look at the database of the project where none is named:"
                + " DATABASE_URL, PYLON_DB_PATH, else .pylon/dev.db.");
  }

  @Override
  public ExitStatus run(Invocation invocation) {
    List<String> words = invocation.line().words();
    String verb = words.isEmpty() ? "" : words.getFirst();
    List<String> rest = words.isEmpty() ? words : words.subList(1, words.size());
    return switch (verb) {
      case "check" -> SchemaCheck.run(invocation, rest);
      case "diff" -> SchemaDifferences.run(invocation, rest);
      case "push" -> new SchemaPushing(invocation).run(rest);
      case "inspect" -> SchemaLook.inspect(invocation, rest);
      case "history" -> SchemaLook.history(invocation, rest);
      default -> throw Verbs.unknown("schema", verb, VERBS);
    };
  }
}
