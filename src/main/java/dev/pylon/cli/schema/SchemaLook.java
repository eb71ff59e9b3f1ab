package dev.pylon.cli.schema;

import dev.pylon.boot.SchemaDesk;
import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Line;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.command.Verbs;
import dev.pylon.cli.text.PrettyJson;
import dev.pylon.cli.text.Style;
import dev.pylon.db.Table;
import dev.pylon.json.Json;
import dev.pylon.store.migration.SchemaHistory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code pylon schema inspect} and {@code history}: what a database is, and how it came to be. */
final class SchemaLook {
  private static final int ENTRIES = 20;

  private SchemaLook() {}

  static ExitStatus inspect(Invocation invocation, List<String> words) {
    Verbs.requireWords(words, 0, 0, "schema inspect [--sqlite PATH | --postgres URL]");
    List<Table> tables;
    try (SchemaDesk desk = Databases.open(invocation, Databases.meant(invocation))) {
      tables = desk.tables();
    }
    Output output = invocation.output();
    if (output.isJson()) {
      output.json(Map.of("tables", tables.stream().map(SchemaLook::json).toList()));
    } else {
      tables.forEach(table -> text(output, table));
    }
    return ExitStatus.OK;
  }

  private static Map<String, Object> json(Table table) {
    var json = new LinkedHashMap<String, Object>();
    json.put("name", table.name());
    json.put("columns", table.columns().stream().map(SchemaLook::json).toList());
    json.put("indexes", table.indexes().stream().map(SchemaLook::json).toList());
    return json;
  }

  private static Map<String, Object> json(Table.Column column) {
    var json = new LinkedHashMap<String, Object>();
    json.put("name", column.name());
    json.put("column_type", column.type());
    json.put("notnull", column.notNull());
    json.put("primary_key", column.primaryKey());
    return json;
  }

  private static Map<String, Object> json(Table.Index index) {
    var json = new LinkedHashMap<String, Object>();
    json.put("name", index.name());
    json.put("columns", index.columns());
    json.put("unique", index.unique());
    return json;
  }

  private static void text(Output output, Table table) {
    output.line(output.style().bold(Style.clean(table.name())));
    for (Table.Column column : table.columns()) {
      output.line(
          "  %s %s%s%s"
              .formatted(
                  Style.clean(column.name()),
                  column.type(),
                  column.notNull() ? " NOT NULL" : "",
                  column.primaryKey() ? " PRIMARY KEY" : ""));
    }
    for (Table.Index index : table.indexes()) {
      output.line(
          "  %sindex %s (%s)"
              .formatted(
                  index.unique() ? "unique " : "",
                  Style.clean(index.name()),
                  Style.clean(String.join(", ", index.columns()))));
    }
  }

  static ExitStatus history(Invocation invocation, List<String> words) {
    Verbs.requireWords(words, 0, 0, "schema history [--limit N | --id ID]");
    Line line = invocation.line();
    Output output = invocation.output();
    try (SchemaDesk desk = Databases.open(invocation, Databases.meant(invocation))) {
      if (line.value("--id").isPresent()) {
        String id = line.value("--id").get();
        entry(
            output,
            desk.entry(id)
                .orElseThrow(() ->
                    new Failure(
                        ExitStatus.FAILED,
                        "NO_SUCH_ENTRY",
                        "the history has no entry \"%s\"".formatted(id),
                        null)));
      } else {
        entries(output, desk.history(line.number("--limit").orElse(ENTRIES)));
      }
    }
    return ExitStatus.OK;
  }

  private static void entries(Output output, List<SchemaHistory.Entry> entries) {
    if (output.isJson()) {
      output.json(entries.stream().map(SchemaLook::json).toList());
      return;
    }
    dev.pylon.cli.command.Table.print(
        output,
        entries.stream()
            .map(entry ->
                List.of(
                    entry.id(),
                    entry.appliedAt(),
                    entry.appVersion(),
                    entry.baseline(),
                    entry.operationCount() + " steps"))
            .toList());
  }

  private static void entry(Output output, SchemaHistory.Entry entry) {
    Map<String, @Nullable Object> json = json(entry);
    json.put("plan", Json.parse(entry.planJson()));
    if (output.isJson()) {
      output.json(json);
    } else {
      output.line(
          "%s %s %s %s"
              .formatted(entry.id(), entry.appliedAt(), entry.appVersion(), entry.baseline()));
      output.line(PrettyJson.of(Json.bytes(json.get("plan")), output.style()));
    }
  }

  private static Map<String, @Nullable Object> json(SchemaHistory.Entry entry) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("id", entry.id());
    json.put("manifest_version", entry.manifestVersion());
    json.put("app_version", entry.appVersion());
    json.put("applied_at", entry.appliedAt());
    json.put("operation_count", entry.operationCount());
    json.put("baseline", entry.baseline());
    return json;
  }
}
