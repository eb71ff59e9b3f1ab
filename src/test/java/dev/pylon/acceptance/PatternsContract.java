package dev.pylon.acceptance;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.acceptance.Server.Reply;
import dev.pylon.json.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the functions of real projects rely on (functions contract, 16 and 20, point 30), each
 * written as such projects write it and run as it is.
 */
abstract class PatternsContract {
  /** Ten thousand sequential inserts shall end within the deadline of a call. */
  private static final int SEEDED = 10_000;

  private static final String[] MEMBER = {
    "Authorization", "Bearer " + Server.ADMIN, "X-Pylon-As", "u_1", "X-Pylon-As-Tenant", "org_1"
  };

  @TempDir private Path folder;
  private Server server;

  /** Which runtime runs them. */
  abstract Server.Runtime runtime();

  /** What else the server is told, such as its database. */
  Map<String, String> settings() {
    return Map.of();
  }

  @BeforeEach
  void start() {
    server = Server.start(folder, "acceptance/patterns", runtime(), settings());
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Map<String, @Nullable Object> row(String function, Object args, String... headers) {
    Reply reply = server.call(function, args, headers);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return Json.asObject((Map<?, ?>) reply.json());
  }

  private Object created(String name) {
    return row("createItem", Map.of("name", name), MEMBER).get("id");
  }

  @Test
  void whoIsNobodyIsToldSoInTheAuthorsWords() {
    var args = Map.of("name", "lamp");
    String[] alone = {MEMBER[0], MEMBER[1], MEMBER[2], MEMBER[3]};

    assertThat(server.call("createItem", args).error())
        .isEqualTo("400 UNAUTHENTICATED log in first");
    assertThat(server.call("createItem", args, alone).error())
        .isEqualTo("400 NO_ACTIVE_ORG choose an organization");
    assertThat(server.call("createItem", Map.of("name", " "), MEMBER).error())
        .isEqualTo("400 INVALID_NAME a name has 1–40 letters, größer nicht");
    assertThat(server.call("renameItem", Map.of("itemId", "no", "name", "x"), MEMBER).error())
        .isEqualTo("400 ITEM_NOT_FOUND Handler error");
  }

  @Test
  void aMutationReadsTheRowItHasJustWritten() {
    Map<String, @Nullable Object> item =
        row(
            "createItem",
            Map.of(
                "name",
                " lamp ",
                "price",
                2.5,
                "tags",
                List.of(
                    // Kept in the order in which it was sent, so sent in one that is known.
                    new TreeMap<>(Map.of("label", "é", "weight", 1)), Map.of("label", "b"))),
            MEMBER);

    assertThat(item)
        .containsEntry("name", "lamp")
        .containsEntry("ownerId", "u_1")
        .containsEntry("orgId", "org_1")
        .containsEntry("done", false)
        .containsEntry("price", 2.5)
        .containsEntry("note", null)
        .containsEntry("data", "[{\"label\":\"é\",\"weight\":1},{\"label\":\"b\"}]");
    assertThat(row("totals", Map.of()))
        .containsEntry("names", List.of("lamp"))
        .containsEntry("price", 2.5)
        .containsEntry("labels", List.of("é", "b"))
        .containsEntry("newest", true);
  }

  @Test
  void onlyTheOwnerChangesARow() {
    Object id = created("lamp");
    String[] other = MEMBER.clone();
    other[3] = "u_2";

    assertThat(row("renameItem", Map.of("itemId", id, "name", "candle"), MEMBER))
        .containsEntry("renamed", true);
    assertThat(server.call("renameItem", Map.of("itemId", id, "name", "x"), other).error())
        .isEqualTo("400 FORBIDDEN not yours");
  }

  @Test
  void aSecondWishFindsWhatTheFirstHasMade() {
    Map<String, @Nullable Object> first = row("upsertItem", Map.of("name", "nail", "qty", 3));

    assertThat(row("upsertItem", Map.of("name", "nail", "qty", 3))).isEqualTo(first);
    assertThat(row("upsertItem", Map.of("name", "nail", "qty", 4)))
        .containsEntry("id", first.get("id"))
        .containsEntry("qty", 4L);
  }

  /** The words are all such a handler has: what the message says of it is relied upon. */
  @Test
  void whatIsTakenAlreadyIsKnownByTheWordsOfTheMessage() {
    row("claimName", Map.of("name", "harbour"));

    assertThat(server.call("claimName", Map.of("name", "harbour")).error())
        .isEqualTo("400 NAME_TAKEN \"harbour\" belongs to somebody else");
    assertThat(row("claimName", Map.of("name", "lighthouse"))).containsEntry("claims", 2L);
  }

  @Test
  void aTruthIsATruth() {
    Object id = created("lamp");
    created("candle");

    assertThat(row("toggleItem", Map.of("itemId", id)))
        .containsEntry("done", true)
        .containsEntry("open", 1L);
    assertThat(row("toggleItem", Map.of("itemId", id)))
        .containsEntry("done", false)
        .containsEntry("open", 2L);
  }

  /** Three fields at once, one of them a truth and one that may be null. */
  @Test
  void aWishTakenBackLeavesNothing() {
    Map<String, Object> pinned = Map.of("name", "lamp", "pinned", true);

    assertThat(row("togglePin", pinned, MEMBER)).containsEntry("pins", 1L);
    assertThat(row("togglePin", Map.of("name", "lamp", "pinned", false), MEMBER))
        .containsEntry("pins", 1L);
    assertThat(row("togglePin", Map.of("name", "lamp", "pinned", true, "forUser", "u_9"), MEMBER))
        .containsEntry("pins", 1L);
    assertThat(server.call("togglePin", pinned, MEMBER).body()).isEqualTo("null");
    assertThat(server.call("togglePin", Map.of("name", "lamp", "pinned", 1), MEMBER).error())
        .isEqualTo("400 INVALID_ARGS pinned: expected boolean, got number");
  }

  @Test
  void tenThousandInsertsOneByOneAreOneMutation() {
    assertThat(row("seedItems", Map.of("count", SEEDED))).containsEntry("inserted", (long) SEEDED);
    assertThat(row("clearItems", Map.of()))
        .containsEntry("deleted", (long) SEEDED)
        .containsEntry("missing", false);
  }

  @Test
  void aChainSchedulesItselfAndRunsAsNobody() {
    assertThat(server.value("tick", Map.of("room", "r", "left", 5))).isEqualTo(1L);

    Eventually.within(SOON, () -> ((List<?>) notes()).size() == 5, this::notes);
    assertThat((List<?>) notes())
        .allSatisfy(note -> assertThat(note).isEqualTo("ran as null false"));
    Eventually.within(
        SOON,
        () ->
            server.traces("tick").size() == 6
                && server.value("tick", Map.of("room", "r", "left", 0)).equals(7L),
        () -> server.traces("tick"));
  }

  private Object notes() {
    return server.value("notes");
  }

  @Test
  void aDefinitionNeedsNoPackage() {
    assertThat(row("plain", Map.of())).containsEntry("id", "string");
  }

  /** Only our own runtime gives actions rows. */
  @Test
  void theOfficialScaffoldWorksWhereActionsHaveRows() {
    Reply added = server.call("addItem", Map.of("title", "milk"));

    if (runtime() == Server.Runtime.REFERENCE) {
      assertThat(added.error()).isEqualTo("400 HANDLER_ERROR Internal handler error");
    } else {
      assertThat(added.body()).contains("\"name\":\"milk\"");
      row("addItem", Map.of("title", "bread"));
      assertThat((List<?>) server.value("listItems"))
          .extracting(item -> String.valueOf(((Map<?, ?>) item).get("name")))
          .isEqualTo(List.of("bread", "milk"));
    }
  }
}
