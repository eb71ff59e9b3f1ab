package dev.pylon.store;

import static dev.pylon.store.Manifests.entity;
import static dev.pylon.store.Manifests.relation;
import static dev.pylon.store.Manifests.with;
import static dev.pylon.store.Stores.soon;

import dev.pylon.json.Json;
import dev.pylon.schema.Manifest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A store of people and what they have to do. */
abstract class Todos {
  static final Manifest MANIFEST =
      Manifests.of(
          with(
              entity(
                  "Todo",
                  "title:string",
                  "done:bool?",
                  "points:int?",
                  "weight:float?",
                  "due:datetime?",
                  "notes:richtext?",
                  "ownerId:id(User)?"),
              "relations",
              List.of(relation("owner", "User", "ownerId", false))),
          with(
              entity("User", "email:string!", "name:string?"),
              "relations",
              List.of(relation("todos", "Todo", "ownerId", true))));

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

  String insert(String entity, Map<String, @Nullable Object> row) {
    return store.write(soon(), tx -> tx.insert(entity, row));
  }

  String todo(String title) {
    return insert("Todo", Map.of("title", title));
  }

  List<Object> titles(String filter) {
    return store.query("Todo", Json.parseObject(filter.getBytes())).stream()
        .map(row -> row.get("title"))
        .toList();
  }
}
