package dev.pylon.functions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.NeedsBun;
import dev.pylon.db.Database;
import dev.pylon.json.Json;
import dev.pylon.store.Bystanders;
import dev.pylon.store.Hostile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every hostile text in every place of every operation of {@code ctx.db}, for a handler passes on
 * what it was called with. Each engine's own test extends this.
 */
@NeedsBun
@Timeout(240)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class InjectionContract {
  /** Does each of {@code args.ops} and returns what was refused and how. */
  private static final String DO_ALL =
      """
      const refusals = [];
      for (const [op, ...params] of args.ops) {
        try {
          await (ctx.db as any)[op](...params);
        } catch (e: any) {
          refusals.push({ op, code: e.code, message: e.message, all: JSON.stringify(e) });
        }
      }
      return refusals;\
      """;

  private TestEngine engine;
  private Bystanders bystanders;

  abstract Database openDatabase(Path folder);

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    engine =
        TestEngine.start(
            folder,
            openDatabase(folder),
            TestEngine.Limits.ORDINARY,
            Map.of(
                "reads",
                TestEngine.query(DO_ALL),
                "writes",
                TestEngine.mutation(DO_ALL),
                "acts",
                TestEngine.action(DO_ALL),
                "fails",
                TestEngine.mutation("await ctx.db.insert(args.entity, { secret: 1 });")));
    bystanders = Bystanders.beside(engine.store());
  }

  @AfterAll
  void close() {
    if (engine != null) {
      engine.close();
    }
  }

  private static List<@Nullable Object> op(@Nullable Object... nameAndParams) {
    return Arrays.asList(nameAndParams);
  }

  private static List<List<@Nullable Object>> reads(String hostile) {
    return List.of(
        op("get", hostile, "1"),
        op("get", "Note", hostile),
        op("list", hostile),
        op("lookup", hostile, "id", "1"),
        op("lookup", "Note", hostile, "1"),
        op("lookup", "Note", "text", hostile),
        op("lookup", "Note", "stars", hostile),
        op("query", hostile, Map.of()),
        op("query", "Note", Map.of("text", hostile)),
        op("query", "Note", Map.of(hostile, 1)),
        op("query", "Note", Map.of("text", Map.of(hostile, 1))),
        op("query", "Note", Map.of("text", Map.of("$like", hostile))),
        op("query", "Note", Map.of("id", Map.of("$in", List.of(hostile)))),
        op("query", "Note", Map.of("$order", Map.of(hostile, hostile))),
        op("query", "Note", Map.of("$order", Map.of("text", hostile))),
        op("query", "Note", Map.of("$search", hostile)),
        op("query", "Note", Map.of("$limit", hostile, "$offset", hostile)),
        op("queryGraph", Map.of(hostile, Map.of())),
        op("queryGraph", Map.of("Note", Map.of("where", Map.of("text", hostile)))),
        op("queryGraph", Map.of("Note", Map.of("include", Map.of(hostile, Map.of())))),
        op("paginate", hostile, Map.of("cursor", "1", "numItems", 2)),
        op("paginate", "Note", Map.of("cursor", hostile, "numItems", 2)),
        op("paginate", "Note", Map.of("numItems", hostile)),
        op("search", hostile, Map.of("query", "x")),
        op("search", "Note", Map.of("query", hostile)));
  }

  private static List<List<@Nullable Object>> writes(String hostile) {
    return List.of(
        op("insert", hostile, Map.of("text", "x")),
        op("insert", "Note", Map.of("text", hostile)),
        op("insert", "Note", Map.of("text", "x", "id", hostile)),
        op("insert", "Note", Map.of(hostile, hostile)),
        op("insert", "Note", Map.of("stars", hostile)),
        op("insert", "Slot", Map.of("name", hostile)),
        op("insert", "Slot", Map.of("name", hostile)),
        op("insertMany", hostile, List.of(Map.of())),
        op("insertMany", "Note", List.of(Map.of("text", hostile), Map.of(hostile, 1))),
        op("update", hostile, "1", Map.of("text", "x")),
        op("update", "Note", hostile, Map.of("text", hostile)),
        op("update", "Note", hostile, Map.of(hostile, hostile)),
        op("delete", hostile, "1"),
        op("delete", "Note", hostile),
        op("link", hostile, "1", "owner", "1"),
        op("link", "Note", hostile, hostile, hostile),
        op("unlink", "Note", hostile, hostile));
  }

  @Test
  void whateverAHandlerPassesOnIsAValueOrAMistake() {
    for (String hostile : Hostile.texts()) {
      var all = new ArrayList<>(reads(hostile));
      all.addAll(writes(hostile));
      requireHarmless("reads", reads(hostile), hostile);
      requireHarmless("writes", all, hostile);
      requireHarmless("acts", all, hostile);
    }
    bystanders.requireUntouched();
  }

  private void requireHarmless(String function, List<List<@Nullable Object>> ops, String hostile) {
    List<?> refusals = (List<?>) engine.value(function, Map.of("ops", ops));
    assertThat(refusals).isNotNull();
    for (Object refusal : refusals) {
      String said = Json.text(refusal);
      assertThat(((Map<?, ?>) refusal).get("code"))
          .as(said)
          .isIn(
              "ENTITY_NOT_FOUND",
              "INVALID_COLUMN",
              "INVALID_DATA",
              "INVALID_QUERY",
              "INSERT_FAILED",
              "RELATION_NOT_FOUND",
              "SEARCH_NOT_CONFIGURED",
              "PROTOCOL_ERROR");
      Hostile.requireHarmless(said, hostile);
    }
  }

  @Test
  void tablesThatAreNoEntitiesAreNotThereForAnyOperation() {
    for (String table : Hostile.TABLES) {
      List<?> refusals =
          (List<?>)
              engine.value(
                  "acts",
                  Map.of(
                      "ops",
                      List.of(
                          op("get", table, "1"),
                          op("list", table),
                          op("query", table, Map.of()),
                          op("paginate", table, Map.of("cursor", "0", "numItems", 1)),
                          op("lookup", table, "id", "1"),
                          op("search", table, Map.of()),
                          op("insert", table, Map.of("id", "2")),
                          op("update", table, "1", Map.of("secret", "gone")),
                          op("delete", table, "1"))));

      assertThat(refusals)
          .as(table)
          .hasSize(9)
          .allSatisfy(refusal ->
              assertThat(((Map<?, ?>) refusal).get("code")).isEqualTo("ENTITY_NOT_FOUND"));
      assertThat(engine.call("fails", Map.of("entity", table)))
          .isInstanceOfSatisfying(
              Answer.Failed.class,
              failed -> {
                assertThat(failed.code()).isEqualTo("ENTITY_NOT_FOUND");
                Hostile.requireHarmless(failed.message(), table);
              });
    }
    bystanders.requireUntouched();
  }
}
