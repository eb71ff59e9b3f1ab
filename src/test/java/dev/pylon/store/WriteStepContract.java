package dev.pylon.store;

import static dev.pylon.store.Manifests.entity;
import static dev.pylon.store.Manifests.relation;
import static dev.pylon.store.Manifests.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.db.Database;
import dev.pylon.db.Sql;
import dev.pylon.model.Deadline;
import dev.pylon.model.ErrorCode;
import dev.pylon.model.Identity;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Manifest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What steps before a write can rely on, on every database. */
abstract class WriteStepContract {
  private static final Manifest MANIFEST =
      Manifests.of(
          with(
              entity("Todo", "title:string", "stamp:string?", "ownerId:id(User)?"),
              "relations",
              List.of(relation("owner", "User", "ownerId", false))),
          entity("User", "email:string!"));

  private record Refused(String name, int status) implements ErrorCode {}

  @TempDir Path folder;
  private Store store;

  abstract Database open(Path folder);

  @BeforeEach
  void openStore() {
    store = Stores.open(open(folder), MANIFEST, 1_000);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private <R> R write(Rows.Writing<R, RuntimeException> work) {
    return store.write(Deadline.after(Duration.ofSeconds(10)), work);
  }

  private static Map<String, @Nullable Object> plus(
      Map<String, @Nullable Object> row, String name, Object value) {
    var more = new LinkedHashMap<>(row);
    more.put(name, value);
    return more;
  }

  /** Stamps every row of Todo with what was done to it. */
  private record Stamp(String text) implements WriteStep {
    @Override
    public Map<String, @Nullable Object> beforeInsert(
        Occasion occasion, String entity, Map<String, @Nullable Object> row) {
      Object stamp = row.get("stamp");
      return entity.equals("Todo") ? plus(row, "stamp", (stamp == null ? "" : stamp) + text) : row;
    }

    @Override
    public Map<String, @Nullable Object> beforeUpdate(
        Occasion occasion,
        String entity,
        Map<String, @Nullable Object> before,
        Map<String, @Nullable Object> patch) {
      return plus(patch, "stamp", before.get("stamp") + "+" + text);
    }
  }

  @Test
  void stepsChangeWhatIsWrittenOneAfterTheOther() {
    store.beforeWrite(new Stamp("a"));
    store.beforeWrite(new Stamp("b"));

    String id = write(tx -> tx.insert("Todo", Map.of("title", "milk")));

    assertThat(store.get("Todo", id).orElseThrow()).containsEntry("stamp", "ab");
  }

  @Test
  void everyWriterMeetsThem() {
    var seen = new ArrayList<String>();
    store.beforeWrite(
        new WriteStep() {
          @Override
          public Map<String, @Nullable Object> beforeInsert(
              Occasion occasion, String entity, Map<String, @Nullable Object> row) {
            seen.add("insert " + row.get("title"));
            return row;
          }

          @Override
          public Map<String, @Nullable Object> beforeUpdate(
              Occasion occasion,
              String entity,
              Map<String, @Nullable Object> before,
              Map<String, @Nullable Object> patch) {
            seen.add("update " + patch.keySet());
            return patch;
          }

          @Override
          public void beforeDelete(
              Occasion occasion, String entity, Map<String, @Nullable Object> before) {
            seen.add("delete " + before.get("title"));
          }
        });
    var bulk = new Bulk(store, Duration.ofSeconds(10));

    String id = write(tx -> tx.insert("Todo", Map.of("title", "1")));
    write(tx -> tx.insertMany("Todo", List.of(Map.of("title", "2"), Map.of("title", "3"))));
    write(tx -> tx.link("Todo", id, "owner", "u"));
    write(tx -> tx.unlink("Todo", id, "owner"));
    bulk.transact(List.of(Map.of("op", "delete", "entity", "Todo", "id", id)));
    bulk.batch(List.of(Map.of("op", "insert", "entity", "Todo", "data", Map.of("title", "4"))));
    try (var sent = new SentRows()) {
      sent.add("Todo", 1, Map.of("id", "x", "title", "5"));
      bulk.restore(sent, Transaction.IfThere.REFUSE, Bulk.Pointing.CHECKED);
    }

    assertThat(seen)
        .containsExactly(
            "insert 1",
            "insert 2",
            "insert 3",
            "update [ownerId]",
            "update [ownerId]",
            "delete 1",
            "insert 4",
            "insert 5");
  }

  @Test
  void aRefusalIsToldAsItIsAndTheTransactionGoesOn() {
    store.beforeWrite(
        new WriteStep() {
          @Override
          public Map<String, @Nullable Object> beforeInsert(
              Occasion occasion, String entity, Map<String, @Nullable Object> row) {
            if ("no".equals(row.get("title"))) {
              throw new PylonException(new Refused("TOO_RUDE", 418), "Say please");
            }
            return row;
          }
        });

    write(tx -> {
      assertThatThrownBy(() -> tx.insert("Todo", Map.of("title", "no")))
          .isInstanceOfSatisfying(
              PylonException.class,
              e -> {
                assertThat(e.code().name()).isEqualTo("TOO_RUDE");
                assertThat(e.code().status()).isEqualTo(418);
                assertThat(e.message()).isEqualTo("Say please");
              });
      return tx.insert("Todo", Map.of("title", "yes"));
    });

    assertThat(store.list("Todo")).hasSize(1);
  }

  /** What a step wrote into our own tables goes with the row it was written for. */
  @Test
  void whatAStepWroteIsUndoneWithTheRow() {
    write(tx -> tx.own(own -> own.execute(Sql.of("CREATE TABLE _pylon_test (word TEXT)"))));
    store.beforeWrite(
        new WriteStep() {
          @Override
          public Map<String, @Nullable Object> beforeInsert(
              Occasion occasion, String entity, Map<String, @Nullable Object> row) {
            occasion.own(own ->
                own.execute(
                    Sql.of(
                        "INSERT INTO _pylon_test VALUES (?)", String.valueOf(row.get("email")))));
            return row;
          }
        });
    write(tx -> tx.insert("User", Map.of("email", "a")));

    write(tx -> {
      assertThatThrownBy(() -> tx.insert("User", Map.of("email", "a")));
      return tx.insert("User", Map.of("email", "b"));
    });

    List<String> words =
        store.own(own ->
            own.list(
                Sql.of("SELECT word FROM _pylon_test ORDER BY word"),
                row -> String.valueOf(row.text(0))));
    assertThat(words).containsExactly("a", "b");
  }

  @Test
  void aStepSeesWhoWritesAndWhatTheTransactionHasWritten() {
    var counts = new ArrayList<Integer>();
    var callers = new ArrayList<Identity>();
    store.beforeWrite(
        new WriteStep() {
          @Override
          public Map<String, @Nullable Object> beforeInsert(
              Occasion occasion, String entity, Map<String, @Nullable Object> row) {
            counts.add(occasion.rows().list("Todo").size());
            callers.add(occasion.caller());
            return row;
          }
        });
    Identity ann = Identity.user("ann", null);
    Access access = new FilteredAccess(ann, Map.of("Todo", Map.of("id", Map.of("$in", List.of()))));

    store
        .as(access)
        .write(
            Deadline.after(Duration.ofSeconds(10)),
            tx -> tx.insertMany("Todo", List.of(Map.of("title", "1"), Map.of("title", "2"))));

    assertThat(counts).containsExactly(0, 1);
    assertThat(callers).containsOnly(ann);
  }

  @Test
  void whatAStepMakesOfARowIsCheckedToo() {
    store.beforeWrite(
        new WriteStep() {
          @Override
          public Map<String, @Nullable Object> beforeInsert(
              Occasion occasion, String entity, Map<String, @Nullable Object> row) {
            return plus(row, "title", 7L);
          }
        });

    assertThatThrownBy(() -> write(tx -> tx.insert("Todo", Map.of("title", "x"))))
        .isInstanceOfSatisfying(
            PylonException.class, e -> assertThat(e.code()).isEqualTo(StoreError.INVALID_DATA));
  }

  @Test
  void aStepThatFailsUndoesTheWriteOnly() {
    store.beforeWrite(
        new WriteStep() {
          @Override
          public void beforeDelete(
              Occasion occasion, String entity, Map<String, @Nullable Object> before) {
            throw new IllegalStateException("broken");
          }
        });
    String id = write(tx -> tx.insert("Todo", Map.of("title", "x")));

    write(tx -> {
      assertThatThrownBy(() -> tx.delete("Todo", id)).hasMessage("broken");
      return tx.update("Todo", id, Map.of("title", "y"));
    });

    assertThat(store.get("Todo", id).orElseThrow()).containsEntry("title", "y");
  }
}
