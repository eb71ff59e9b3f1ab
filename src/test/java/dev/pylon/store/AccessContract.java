package dev.pylon.store;

import static dev.pylon.store.Manifests.entity;
import static dev.pylon.store.Manifests.relation;
import static dev.pylon.store.Manifests.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.db.Database;
import dev.pylon.model.Deadline;
import dev.pylon.model.ErrorCode;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Entity;
import dev.pylon.schema.Manifest;
import dev.pylon.store.query.Condition;
import dev.pylon.store.query.EntityColumns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one caller sees and may change through the policy point, on every database. */
abstract class AccessContract {
  private static final Manifest MANIFEST =
      Manifests.of(
          with(
              entity("Note", "text:string", "owner:string", "boxId:id(Box)?"),
              "relations",
              List.of(relation("box", "Box", "boxId", false))),
          with(
              entity("Box", "name:string", "owner:string"),
              "relations",
              List.of(relation("notes", "Note", "boxId", true))));

  private record Denied(String name, int status) implements ErrorCode {}

  /** Rows belong to their owner, for reading and writing. */
  private record OwnersOnly(String user) implements Access {
    @Override
    public Visibility readable(Entity entity) {
      var owner = EntityColumns.require(entity, "owner");
      return new Visibility(new Condition.Compare(owner, Condition.Comparison.EQUAL, user), null);
    }

    @Override
    public void requireInsert(Entity entity, Map<String, @Nullable Object> row) {
      require(row);
    }

    @Override
    public void requireUpdate(
        Entity entity, Map<String, @Nullable Object> before, Map<String, @Nullable Object> after) {
      require(before);
      require(after);
    }

    @Override
    public void requireDelete(Entity entity, Map<String, @Nullable Object> before) {
      if ("keep".equals(before.get("text"))) {
        throw denied();
      }
    }

    private void require(Map<String, @Nullable Object> row) {
      if (!user.equals(row.get("owner"))) {
        throw denied();
      }
    }

    private static PylonException denied() {
      return new PylonException(new Denied("POLICY_DENIED", 403), "Access denied by policy");
    }
  }

  @TempDir Path folder;
  private Store store;
  private Rows ann;
  private String annsNote = "";
  private String bobsNote = "";
  private String bobsBox = "";

  abstract Database open(Path folder);

  @BeforeEach
  void openStore() {
    store = Stores.open(open(folder), MANIFEST, 3);
    ann = store.as(new OwnersOnly("ann"));
    bobsBox = write(store, tx -> tx.insert("Box", Map.of("name", "b", "owner", "bob")));
    bobsNote = note("bob", "secret");
    annsNote = note("ann", "mine");
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private static <R> R write(Rows rows, Rows.Writing<R, RuntimeException> work) {
    return rows.write(Deadline.after(Duration.ofSeconds(10)), work);
  }

  private static boolean changes(Rows rows, Rows.Writing<Boolean, RuntimeException> work) {
    return write(rows, work);
  }

  private String note(String owner, String text) {
    return write(
        store, tx -> tx.insert("Note", Map.of("text", text, "owner", owner, "boxId", bobsBox)));
  }

  private static List<Object> texts(List<Map<String, @Nullable Object>> rows) {
    return rows.stream().<Object>map(row -> Objects.requireNonNull(row.get("text"))).toList();
  }

  @Test
  void everyReadFindsOnlyWhatTheCallerMaySee() {
    var each = new ArrayList<Map<String, @Nullable Object>>();
    ann.each("Note", Map.of(), each::add);

    assertThat(ann.get("Note", annsNote)).isPresent();
    assertThat(ann.get("Note", bobsNote)).isEmpty();
    assertThat(texts(ann.list("Note"))).containsExactly("mine");
    assertThat(texts(ann.paginate("Note", null, 10).rows())).containsExactly("mine");
    assertThat(ann.lookup("Note", "text", "secret")).isEmpty();
    assertThat(ann.lookup("Note", "text", "mine")).isPresent();
    assertThat(texts(ann.query("Note", Map.of()))).containsExactly("mine");
    assertThat(ann.query("Note", Map.of("text", "secret"))).isEmpty();
    assertThat(ann.query("Note", Map.of("$or", List.of(Map.of("owner", "bob"), Map.of()))))
        .as("a filter cannot widen what is seen")
        .hasSize(1);
    assertThat(texts(each)).containsExactly("mine");
    assertThat(texts(write(ann, tx -> tx.list("Note")))).containsExactly("mine");
  }

  @Test
  void aggregatesCountOnlyWhatTheCallerMaySee() {
    assertThat(ann.aggregate("Note", Map.of("count", "*")).get("rows"))
        .isEqualTo(List.of(Map.of("count", 1L)));
    assertThat(store.aggregate("Note", Map.of("count", "*")).get("rows"))
        .isEqualTo(List.of(Map.of("count", 2L)));
  }

  @Test
  void whatAGraphIncludesIsSeenOnlyWhereItMayBe() {
    Map<String, List<Map<String, @Nullable Object>>> own =
        ann.graph(Map.of("Note", Map.of("include", Map.of("box", Map.of()))));
    Rows bob = store.as(new OwnersOnly("bob"));
    Map<String, List<Map<String, @Nullable Object>>> boxes =
        bob.graph(Map.of("Box", Map.of("include", Map.of("notes", Map.of()))));

    assertThat(own.get("Note").getFirst()).doesNotContainKey("box");
    assertThat(boxes.get("Box").getFirst().get("notes"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(1);
  }

  /** Hidden rows would otherwise make pages short and answers too large. */
  @Test
  void limitsPagesAndBoundsCountVisibleRows() {
    for (int i = 0; i < 10; i++) {
      note("bob", "b" + i);
      note("carol", "c" + i);
    }
    note("ann", "second");
    note("ann", "third");

    assertThat(texts(ann.query("Note", Map.of("$limit", 2L)))).containsExactly("mine", "second");
    assertThat(texts(ann.query("Note", Map.of("$limit", 2L, "$offset", 1L))))
        .containsExactly("second", "third");
    assertThat(ann.list("Note")).as("not more than an answer may have").hasSize(3);
    Page first = ann.paginate("Note", null, 2);
    assertThat(texts(first.rows())).containsExactly("mine", "second");
    assertThat(texts(ann.paginate("Note", first.nextCursor(), 2).rows())).containsExactly("third");
  }

  @Test
  void aRowThatCannotBeSeenIsNotThereToBeChanged() {
    assertThat(changes(ann, tx -> tx.update("Note", bobsNote, Map.of("text", "x")))).isFalse();
    assertThat(changes(ann, tx -> tx.delete("Note", bobsNote))).isFalse();
    assertThat(changes(ann, tx -> tx.unlink("Note", bobsNote, "box"))).isFalse();

    assertThat(store.get("Note", bobsNote).orElseThrow())
        .containsEntry("text", "secret")
        .containsEntry("boxId", bobsBox);
  }

  @Test
  void theRowBeforeAndTheRowAfterAreJudged() {
    long head = store.log().head();

    for (Rows.Writing<?, RuntimeException> work :
        List.<Rows.Writing<?, RuntimeException>>of(
            tx -> tx.insert("Note", Map.of("text", "x", "owner", "bob")),
            tx -> tx.update("Note", annsNote, Map.of("owner", "bob")),
            tx -> tx.insertMany("Note", List.of(Map.of("text", "x", "owner", "bob"))))) {
      assertThatThrownBy(() -> write(ann, work))
          .isInstanceOfSatisfying(
              PylonException.class, e -> assertThat(e.code().status()).isEqualTo(403));
    }
    String kept = note("ann", "keep");
    assertThatThrownBy(() -> write(ann, tx -> tx.delete("Note", kept)))
        .hasMessage("Access denied by policy");

    assertThat(store.log().after(head, 10)).as("only the note to keep").hasSize(1);
    assertThat(changes(ann, tx -> tx.update("Note", annsNote, Map.of("text", "new")))).isTrue();
    assertThat(changes(ann, tx -> tx.delete("Note", annsNote))).isTrue();
  }

  @Test
  void theCallerIsJudgedByWhatTheySentAndNotByWhatAStepMadeOfIt() {
    store.beforeWrite(
        new WriteStep() {
          @Override
          public Map<String, @Nullable Object> beforeInsert(
              Occasion occasion, String entity, Map<String, @Nullable Object> row) {
            return Map.of("text", "stamped", "owner", "bob");
          }
        });

    String id = write(ann, tx -> tx.insert("Note", Map.of("text", "x", "owner", "ann")));

    assertThat(store.get("Note", id).orElseThrow()).containsEntry("owner", "bob");
  }

  @Test
  void aLinkLeadsOnlyToWhatTheCallerMaySee() {
    String own = write(ann, tx -> tx.insert("Box", Map.of("name", "a", "owner", "ann")));

    assertThat(changes(ann, tx -> tx.link("Note", annsNote, "box", own))).isTrue();
    for (String target : List.of(bobsBox, "nobody")) {
      assertThatThrownBy(() -> write(ann, tx -> tx.link("Note", annsNote, "box", target)))
          .isInstanceOfSatisfying(
              PylonException.class, e -> assertThat(e.code()).isEqualTo(StoreError.INVALID_DATA));
    }
    assertThat(store.get("Note", annsNote).orElseThrow()).containsEntry("boxId", own);
  }
}
