package dev.pylon.store;

import static dev.pylon.store.Stores.patch;
import static dev.pylon.store.Stores.refusal;
import static dev.pylon.store.Stores.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.pylon.model.PylonException;
import dev.pylon.store.query.QueryError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a row may hold and how it comes back. Each engine's own test extends this. */
abstract class RowValuesContract extends Todos {

  @Test
  void aRowComesBackInTheOrderOfTheManifest() {
    String owner = insert("User", Map.of("email", "a@b.c"));
    String id =
        insert(
            "Todo",
            Map.of(
                "ownerId",
                owner,
                "notes",
                "n",
                "due",
                "2026-01-31T12:00:00Z",
                "weight",
                2.5,
                "points",
                7L,
                "done",
                true,
                "title",
                "milk"));

    assertThat(id).matches("[0-9a-f]{40}");
    assertThat(store.get("Todo", id).orElseThrow())
        .containsExactly(
            entry("id", id),
            entry("title", "milk"),
            entry("done", true),
            entry("points", 7L),
            entry("weight", 2.5),
            entry("due", "2026-01-31T12:00:00.000Z"),
            entry("notes", "n"),
            entry("ownerId", owner));
  }

  @Test
  void textComesBackAsItWas() {
    for (String text :
        List.of(
            "", "a\u0001b", "'; DROP TABLE Todo; --", "\\ \" \n", "日本 😀", "x".repeat(1_000_000))) {
      String id = insert("Todo", Map.of("title", text, "notes", text));

      assertThat(store.get("Todo", id).orElseThrow())
          .containsEntry("title", text)
          .containsEntry("notes", text);
      assertThat(store.lookup("Todo", "title", text)).isPresent();
    }
  }

  /** Postgres takes no zero, nobody takes half a character, and everything has a bound. */
  @Test
  void textThatOneDatabaseCouldNotGiveBackIsRefusedByAll() {
    for (String text :
        List.of("a\u0000b", "a\ud83d", "\ude00a", "x".repeat(10 * 1024 * 1024 + 1))) {
      PylonException refusal = refusal(() -> insert("Todo", Map.of("title", text)));

      assertThat(refusal.code()).isEqualTo(StoreError.INVALID_DATA);
      assertThat(refusal.details()).containsEntry("field", "title");
      assertThat(refusal.message()).hasSizeLessThan(200);
    }
    String id = todo("fits");
    String half = "x".repeat(9 * 1024 * 1024);
    assertThat(
            refusal(() ->
                    store.write(
                        soon(), tx -> tx.update("Todo", id, Map.of("title", half, "notes", half))))
                .code())
        .isEqualTo(StoreError.INVALID_DATA);
    assertThat(store.list("Todo")).hasSize(1);
  }

  @Test
  void noTextHoldsWhatSomeDatabasesDoNotKeep() {
    String id = todo("milk");

    assertThat(refusal(() -> todo("a\u0000b")).code()).isEqualTo(StoreError.INVALID_DATA);
    assertThat(refusal(() -> store.query("Todo", Map.of("title", "a\u0000b"))).code())
        .isEqualTo(QueryError.INVALID_QUERY);
    assertThat(
            refusal(() -> store.query("Todo", Map.of("title", Map.of("$like", "\u0000")))).code())
        .isEqualTo(QueryError.INVALID_QUERY);
    assertThat(store.get("Todo", id + "\u0000")).isEmpty();
    assertThat(store.paginate("Todo", id + "\u0000", 5).rows()).isEmpty();
    assertThat(store.paginate("Todo", "\u0000", 5).rows()).hasSize(1);
  }

  @Test
  void whatWasNotGivenIsNull() {
    String id = todo("milk");

    assertThat(store.get("Todo", id).orElseThrow()).containsEntry("done", null).hasSize(8);
  }

  @Test
  void anIdOfTheCallerIsIgnored() {
    String id = insert("Todo", Map.of("id", "mine", "title", "milk"));

    assertThat(id).isNotEqualTo("mine");
    assertThat(store.get("Todo", "mine")).isEmpty();
  }

  @Test
  void zeroAndOneAreBooleansWhereTheFieldIsOne() {
    String id = insert("Todo", Map.of("title", "milk", "done", 1L));

    assertThat(store.get("Todo", id).orElseThrow()).containsEntry("done", true);
    assertThat(titles("{\"done\": 1}")).containsExactly("milk");
    assertThat(titles("{\"done\": false}")).isEmpty();
  }

  @Test
  void objectsAndArraysInATextFieldAreTheirJson() {
    String id = insert("Todo", Map.of("title", List.of(1L, Map.of("a", true))));

    assertThat(store.get("Todo", id).orElseThrow()).containsEntry("title", "[1,{\"a\":true}]");
  }

  @Test
  void instantsAreBroughtToOneForm() {
    String id = insert("Todo", Map.of("title", "x", "due", "2026-01-31T14:00:00.5+02:00"));

    assertThat(store.get("Todo", id).orElseThrow())
        .containsEntry("due", "2026-01-31T12:00:00.500Z");
    assertThat(titles("{\"due\": {\"$lte\": \"2026-01-31T12:00:00.500Z\"}}")).containsExactly("x");
    assertThat(titles("{\"due\": {\"$gt\": \"2026-01-31T12:00:00.5+00:00\"}}")).isEmpty();
  }

  @Test
  void aWrongTypeIsRefusedByName() {
    Map<String, Object> wrong =
        Map.of(
            "title",
            5L,
            "done",
            "yes",
            "points",
            1.5,
            "weight",
            "heavy",
            "due",
            "tomorrow",
            "notes",
            true,
            "ownerId",
            3L);
    wrong.forEach((field, value) -> {
      var row = new HashMap<String, Object>(Map.of("title", "milk"));
      row.put(field, value);

      PylonException refusal = refusal(() -> insert("Todo", row));

      assertThat(refusal.code()).isEqualTo(StoreError.INVALID_DATA);
      assertThat(refusal.details()).containsEntry("field", field);
      assertThat(refusal.message()).contains("\"" + field + "\"").contains("takes");
    });
    assertThat(store.list("Todo")).isEmpty();
  }

  @Test
  void wholeNumbersHave64Bits() {
    String id = insert("Todo", Map.of("title", "big", "points", Long.MAX_VALUE));

    assertThat(store.get("Todo", id).orElseThrow()).containsEntry("points", Long.MAX_VALUE);
    assertThat(refusal(() -> insert("Todo", Map.of("title", "x", "points", 1e19))).code())
        .isEqualTo(StoreError.INVALID_DATA);
  }

  @Test
  void aMissingRequiredFieldIsRefusedByName() {
    PylonException refusal = refusal(() -> insert("Todo", Map.of("done", true)));

    assertThat(refusal.code()).isEqualTo(StoreError.INVALID_DATA);
    assertThat(refusal.details()).containsEntry("field", "title");
  }

  @Test
  void aRequiredFieldCannotBeCleared() {
    String id = todo("milk");

    PylonException refusal =
        refusal(() -> store.write(soon(), tx -> tx.update("Todo", id, patch("title", null))));

    assertThat(refusal.code()).isEqualTo(StoreError.INVALID_DATA);
    assertThat(refusal.details()).containsEntry("field", "title");
  }

  @Test
  void aValueThatIsThereAlreadyIsRefusedWithItsField() {
    insert("User", Map.of("email", "a@b.c"));

    PylonException refusal = refusal(() -> insert("User", Map.of("email", "a@b.c")));

    assertThat(refusal.code()).isEqualTo(StoreError.INSERT_FAILED);
    assertThat(refusal.code().status()).isEqualTo(409);
    assertThat(refusal.details())
        .containsEntry("reason", "UNIQUE_VIOLATION")
        .containsEntry("field", "email");
    assertThat(refusal.message())
        .doesNotContainIgnoringCase("sqlite")
        .doesNotContainIgnoringCase("constraint failed")
        .doesNotContainIgnoringCase("duplicate key");
  }

  @Test
  void whatIsAnnouncedIsWhatIsRead() {
    List<Change> heard = new ArrayList<>();
    store.onCommit(heard::addAll);

    // One database keeps a date as it is written, the other makes it an instant.
    String id = insert("Todo", Map.of("title", "x", "due", "2026-01-31", "weight", 2L));
    store.write(soon(), tx -> tx.update("Todo", id, Map.of("due", "2026-01-31", "weight", 2.0)));

    assertThat(heard).hasSize(1);
    assertThat(heard.getFirst().after()).isEqualTo(store.get("Todo", id).orElseThrow());
  }
}
