package dev.pylon.cli;

import dev.pylon.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every command answers with {@code --json}, by the register of commands. Members are added in
 * later versions and never taken away.
 */
final class Answers {
  private static final String ERROR =
      "{error: {code: text, message: text, hint?: text}, exit: whole, ...}";

  private static final String DIAGNOSTICS =
      "{severity: text, code: text, message: text, hint?: text,"
          + " span?: {file: text, line?: whole, column?: whole}}[]";

  private static final String TRACE =
      "{call_id: text, fn_name: text, fn_type: text|null, user_id: text|null, started_at: whole,"
          + " duration_ms: number, outcome: {status: text, ...}, ops: {...}[], ...}";

  private static final String FUNCTION = "{name: text, ...}";

  private static final String FILE =
      "db: text[], manifest: bool, uploaded_files?: whole, restored_files?: whole";

  private static final String STEPS =
      "{applied: whole, steps: {type: text, destructive: bool, shown: text, ...}[],"
          + " up_to_date?: bool, diagnostics?: "
          + DIAGNOSTICS
          + "}";

  private Answers() {}

  /** The shapes of one command's answers, without the error that every command may end with. */
  private static List<String> of(String command) {
    return switch (command) {
      case "backup" -> List.of("{ok: bool, target: text, " + FILE + "}");
      case "build", "cache", "deploy", "plugins" -> List.of(ERROR);
      case "call" ->
          List.of(
              "{ok: bool, value?: any, error?: {code: text, message: text, hint?: text, ...},"
                  + " exit?: whole, type?: text, call_id?: text, ops?: whole,"
                  + " ms?: {total: number, queue?: number, run?: number, db?: number,"
                  + " commit?: number, network: number},"
                  + " logs?: {t_ms: number, level: text, text: text}[],"
                  + " rows?: any, jobs?: any, trace?: any, ...}",
              "{ok: bool, calls: whole, parallel: whole, errors: whole, codes: {...},"
                  + " seconds: number, calls_per_second: number, ms: {min: number, p50: number,"
                  + " p95: number, p99: number, max: number}}",
              "{type: chunk, data: text}",
              "{type: event, name: text, data: any}",
              FUNCTION + "[]");
      case "codegen" ->
          List.of(
              "{code: CODEGEN_OK, path: text}",
              "{code: CODEGEN_CLIENT_OK, path: text, entities: whole, queries: whole,"
                  + " actions: whole, functions: whole}",
              "{manifest_version: whole, name: text, ...}");
      case "completion" -> List.of("{shell: text, script: text}");
      case "config" ->
          List.of(
              "{settings: {name: text, value: text|null, origin: text, file?: text}[],"
                  + " warnings: text[], refusals: text[]}");
      case "dev" ->
          List.of(
              "{code: DEV_OK, name: text, version: text, entry: text|null, entities: text[],"
                  + " queries: text[], actions: text[], policies: text[], routes: text[],"
                  + " warnings: {code: text, message: text}[]}",
              "{event: text, ts: text, seq: whole, ...}");
      case "doctor" ->
          List.of(
              "{checks: {name: text, status: text, detail: text, hint?: text}[], passed: whole,"
                  + " warnings: whole, errors: whole}");
      case "env" ->
          List.of(
              "{name: text, description: text, set: bool, value?: text|null,"
                  + " default?: text|null}[]");
      case "explain" ->
          List.of("{code: text, explanation: text}", "{manifest_version: whole, name: text, ...}");
      case "fns" -> List.of(FUNCTION + "[]");
      case "help" ->
          List.of(
              "{commands: {name: text, summary: text}[]}",
              "{title: text, ...}",
              "{name: text, summary: text, usage: text, effects: text[], options: {names: text[],"
                  + " value: text|null, description: text}[]}",
              "{exit: whole, name: text, meaning: text}[]");
      case "init" ->
          List.of("{code: INIT_OK, name: text, path: text, frontend: text, files: text[]}");
      case "migrate" ->
          List.of(
              "{created: text, path: text, number: whole}",
              "{migrations: {number: whole|null, name: text|null, filename: text,"
                  + " status: text}[]}",
              "{total: whole, applied: whole, pending: whole, ...}",
              STEPS);
      case "policy" -> List.of("{...}");
      case "restore" -> List.of("{ok: bool, source: text, " + FILE + "}");
      case "schema" ->
          List.of(
              "{code: SCHEMA_OK, name: text, version: text, entities: whole, diagnostics: "
                  + DIAGNOSTICS
                  + "}",
              "{changes: {kind: text, entity?: text, name?: text}[], summary: {total: whole,"
                  + " added: whole, removed: whole, changed: whole}}",
              "{code: text, dry_run: bool, applied: bool, adapter?: text, database_path?: text,"
                  + " baseline: text, manifest_version: whole, app_version: text,"
                  + " plan: {operations: {op: text, ...}[]}, analysis: {destructive: bool,"
                  + " has_unsupported: bool, warnings: {code: text, message: text}[]},"
                  + " diagnostics: "
                  + DIAGNOSTICS
                  + "}",
              "{tables: {name: text, columns: {name: text, column_type: text, notnull: bool,"
                  + " primary_key: bool}[], indexes: {name: text, columns: text[],"
                  + " unique: bool}[]}[]}",
              "{id: whole|text, manifest_version: whole|null, app_version: text|null,"
                  + " applied_at: text, operation_count: whole, baseline: text, plan?: any}[]");
      case "seed" ->
          List.of(
              "{code: SEED_OK, seeded: {...}, total: whole}",
              "{code: SEED_PARTIAL, seeded: {...}, total: whole, failed: {entity: text,"
                  + " index: whole, code: text, message: text}[]}");
      case "serve" ->
          List.of(
              "{code: START_OK, name: text|null, version: text|null, entry: text|null,"
                  + " port: whole, db_path: text|null, backend: text, ...}");
      case "status" ->
          List.of(
              "{url: text, status: text, version: text|null, instance: text|null,"
                  + " project?: text, started_at?: text|null}");
      case "test" ->
          List.of(
              "{total: whole, passed: whole, failed: whole, files: {file: text, backend: text,"
                  + " status: text, exit_code: whole, ms: whole, output?: text}[],"
                  + " differences: {file: text, test: text, outcomes: {...}}[]}");
      case "traces" ->
          List.of(
              TRACE,
              TRACE + "[]",
              "{fn: text, calls: whole, errors: whole, p50_ms: number, p95_ms: number,"
                  + " p99_ms: number, max_ms: number, ops_per_call: number, share: number}[]",
              "{type: gap, lost: whole, ...}");
      case "version" -> List.of("{version: text}");
      default -> throw new IllegalStateException("command without answers: " + command);
    };
  }

  /** A JSON Schema for each command, by its name. */
  static Map<String, @Nullable Object> schemas() {
    var commands = new LinkedHashMap<String, Object>();
    for (String name : Commands.NAMES) {
      var answers = new ArrayList<Map<String, Object>>();
      of(name).forEach(shape -> answers.add(Shape.schema(shape)));
      if (!of(name).contains(ERROR)) {
        answers.add(Shape.schema(ERROR));
      }
      commands.put(name, Map.of("anyOf", answers));
    }
    return Json.object(
        "$schema",
        "https://json-schema.org/draft/2020-12/schema",
        "title",
        "What pylon answers with --json, by command",
        "$defs",
        commands);
  }
}
