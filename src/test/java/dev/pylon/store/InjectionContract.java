package dev.pylon.store;

import static dev.pylon.store.Manifests.entity;
import static dev.pylon.store.Manifests.index;
import static dev.pylon.store.Manifests.relation;
import static dev.pylon.store.Manifests.with;
import static dev.pylon.store.Stores.soon;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Manifest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What stays what it is: a text, whatever it says, and a name, however its author spelt it. Each
 * engine's own test extends this.
 */
abstract class InjectionContract {
  private @Nullable Store store;

  abstract Store open(Manifest manifest);

  @AfterEach
  void close() {
    if (store != null) {
      store.close();
    }
  }

  private Store opened(Manifest manifest) {
    store = open(manifest);
    return store;
  }

  @Test
  void aTextComesBackAsItWasAndIsFoundByItselfOnly() {
    Store rows = opened(Manifests.of(entity("Todo", "title:string!", "due:datetime?")));
    Bystanders bystanders = Bystanders.beside(rows);
    List<String> texts =
        Hostile.texts().stream().filter(text -> text.indexOf('\0') < 0).distinct().toList();
    for (String text : texts) {
      rows.write(soon(), tx -> tx.insert("Todo", Map.of("title", text)));
    }

    for (String text : texts) {
      assertThat(rows.query("Todo", Map.of("title", text)))
          .as(text)
          .singleElement()
          .extracting(row -> row.get("title"))
          .isEqualTo(text);
      assertThat(rows.query("Todo", Map.of("title", Map.of("$in", List.of(text))))).hasSize(1);
      assertThat(rows.lookup("Todo", "title", text)).isPresent();
      assertThat(rows.query("Todo", Map.of("title", Map.of("$contains", text))))
          .as(text)
          .extracting(row -> String.valueOf(row.get("title")).toLowerCase(Locale.ROOT))
          .isNotEmpty()
          .allMatch(title -> title.contains(text.toLowerCase(Locale.ROOT)));
      assertThat(rows.query("Todo", Map.of("title", Map.of("$ne", text))))
          .hasSize(texts.size() - 1);
    }
    bystanders.requireUntouched();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"",
        "\"\"",
        "'",
        "x'; DROP TABLE victims; --",
        "x\"; DROP TABLE victims; --",
        "x\") VALUES (1); DELETE FROM victims; --",
        "a, b",
        "a.b",
        "select",
        "?",
        ":x",
        "$$1",
        "%s %1$s %n",
        "{0}",
        "\\",
        "/*",
        "--",
        "größe 😀",
        " ",
        "$number"
      })
  void aNameIsANameHoweverItIsSpelt(String name) {
    Manifest.Reading reading = reading(name);
    if (!(reading instanceof Manifest.Reading.Accepted(var manifest))) {
      // Refused with a word of ours; then there is nothing to attack.
      assertThat(reading.toString()).doesNotContain("Exception");
      return;
    }
    Store rows = opened(manifest);
    Bystanders bystanders = Bystanders.beside(rows);

    String parent = rows.write(soon(), tx -> tx.insert(name, Json.object("f" + name, "one")));
    String child =
        rows.write(
            soon(),
            tx -> {
              String id = tx.insert(name, Json.object("f" + name, "two", "n" + name, 7L));
              tx.link(name, id, "r" + name, parent);
              return id;
            });

    assertThat(rows.get(name, child).orElseThrow())
        .containsEntry("f" + name, "two")
        .containsEntry("p" + name, parent);
    assertThat(rows.query(name, Json.object("f" + name, "one", "$order", Map.of("n" + name, "a"))))
        .hasSize(1);
    assertThat(rows.lookup(name, "f" + name, "two")).isPresent();
    assertThat(
            Objects.requireNonNull(
                rows.graph(
                        Json.object(
                            name, Map.of("include", Map.of("r" + name, Map.of("limit", 1L)))))
                    .get(name)))
        .anySatisfy(row -> assertThat(row).containsKey("r" + name));
    assertThat(
            rows.aggregate(
                name,
                Json.object(
                    "sum",
                    "n" + name,
                    "groupBy",
                    "f" + name,
                    "having",
                    Map.of("sum_n" + name, 7L))))
        .extractingByKey("rows")
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(1);
    assertThat(rows.search(name, Json.object("query", "tw", "sort", List.of("n" + name, "asc"))))
        .containsEntry("total", 1L)
        .containsEntry("facetCounts", Map.of("n" + name, Map.of("7", 1L)));
    PylonException refusal =
        Stores.refusal(
            () -> rows.write(soon(), tx -> tx.insert(name, Json.object("f" + name, "one"))));
    assertThat(refusal.details()).containsEntry("reason", "UNIQUE_VIOLATION");
    Hostile.requireHarmless(refusal.message(), name);
    rows.write(soon(), tx -> tx.update(name, child, Json.object("n" + name, null)));
    rows.write(soon(), tx -> tx.delete(name, parent));
    assertThat(rows.plan(manifest).operations()).isEmpty();
    assertThat(rows.list(name)).hasSize(1);
    bystanders.requireUntouched();
  }

  /** An entity called {@code name}, whose fields, relation and indexes are called by it too. */
  private static Manifest.Reading reading(String name) {
    Map<String, Object> entity =
        entity(name, "f" + name + ":string!", "n" + name + ":int?", "p" + name + ":string?");
    return Manifest.read(
        Json.bytes(
            Map.of(
                "manifest_version",
                1,
                "name",
                name,
                "version",
                name,
                "routes",
                List.of(),
                "entities",
                List.of(
                    with(
                        with(
                            with(
                                entity,
                                "indexes",
                                List.of(index("i" + name, false, "n" + name, "f" + name))),
                            "relations",
                            List.of(relation("r" + name, name, "p" + name, false))),
                        "search",
                        Map.of(
                            "text",
                            List.of("f" + name),
                            "facets",
                            List.of("n" + name),
                            "sortable",
                            List.of("n" + name)))))));
  }
}
