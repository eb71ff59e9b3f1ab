package dev.pylon.store;

import static dev.pylon.store.Manifests.entity;
import static dev.pylon.store.Manifests.with;
import static dev.pylon.store.Stores.soon;

import dev.pylon.json.Json;
import dev.pylon.schema.Manifest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A store of shoes that can be searched, and how its answers are looked at. */
abstract class Shoes {
  static final Map<String, Object> SHOE =
      entity(
          "Shoe",
          "name:string",
          "about:richtext?",
          "brand:string?",
          "size:int?",
          "price:float?",
          "inStock:bool?",
          "since:datetime?",
          "rank:string?",
          "rowid:int?");

  static final Map<String, Object> SEARCH =
      Map.of(
          "text", List.of("name", "about"),
          "facets", List.of("brand", "size", "price", "inStock", "since", "rank", "rowid"),
          "sortable", List.of("price", "name", "brand"),
          "language", "english'; DROP TABLE \"Shoe\"");

  static final Manifest MANIFEST =
      Manifests.of(with(SHOE, "search", SEARCH), entity("Note", "title:string", "body:richtext?"));

  static final Manifest UNSEARCHED = Manifests.of(SHOE);

  @TempDir Path folder;
  Store store;

  /** Opens the store in {@code folder}, which may hold one already. */
  abstract Store open(Path folder, Manifest manifest);

  @BeforeEach
  void openStore() {
    store = open(folder, MANIFEST);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  void reopen(Manifest manifest) {
    store.close();
    store = open(folder, manifest);
  }

  void fillIndexes() {
    while (store.fillIndexes()) {
      // On to the next piece.
    }
  }

  String shoe(Map<String, @Nullable Object> row) {
    return store.write(soon(), tx -> tx.insert("Shoe", row));
  }

  String shoe(String name) {
    return shoe(Map.of("name", name));
  }

  Map<String, @Nullable Object> search(String body) {
    return store.search("Shoe", object(body));
  }

  static Map<String, @Nullable Object> object(String json) {
    return Json.parseObject(json.getBytes(StandardCharsets.UTF_8));
  }

  List<String> find(String words) {
    return names(store.search("Shoe", Map.of("query", words)));
  }

  static List<String> names(Map<String, @Nullable Object> answer) {
    return hits(answer).stream().map(row -> String.valueOf(row.get("name"))).toList();
  }

  @SuppressWarnings("unchecked")
  static List<Map<String, @Nullable Object>> hits(Map<String, @Nullable Object> answer) {
    return (List<Map<String, @Nullable Object>>) answer.get("hits");
  }

  @SuppressWarnings("unchecked")
  static Map<String, Map<String, Long>> counts(Map<String, @Nullable Object> answer) {
    return (Map<String, Map<String, Long>>) answer.get("facetCounts");
  }

  void insertAll(List<Map<String, @Nullable Object>> rows) {
    store.write(soon(), tx -> tx.insertMany("Shoe", rows));
  }

  void someShoes() {
    insertAll(
        List.of(
            object(
                "{\"name\":\"a\",\"brand\":\"acme\",\"size\":40,\"price\":10,\"inStock\":true,\"rank\":\"x\"}"),
            object(
                "{\"name\":\"b\",\"brand\":\"acme\",\"size\":41,\"price\":10.5,\"inStock\":false,\"rowid\":7}"),
            object(
                "{\"name\":\"c\",\"brand\":\"zeta\",\"size\":40,\"price\":1e21,\"inStock\":true}"),
            object("{\"name\":\"d\",\"size\":42,\"since\":\"2026-01-01T00:00:00Z\"}")));
  }
}
