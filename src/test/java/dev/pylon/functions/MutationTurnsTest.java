package dev.pylon.functions;

import static dev.pylon.Eventually.SOON;
import static dev.pylon.functions.TestEngine.failure;
import static dev.pylon.functions.TestEngine.mutation;
import static dev.pylon.functions.TestEngine.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.functions.TestEngine.Limits;
import dev.pylon.model.Deadline;
import dev.pylon.store.Change;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mutations that wait for somebody else's turn to end, on a database where writers take turns. */
@NeedsBun
class MutationTurnsTest {
  @TempDir private Path folder;
  private TestEngine engine;

  @BeforeEach
  void start() throws IOException {
    engine =
        TestEngine.start(
            folder,
            Limits.ORDINARY.queueTimeout(Duration.ofSeconds(4)),
            Map.of(
                "addThree",
                mutation(
                    """
                    (await import("node:fs")).writeFileSync(args.begun, "");
                    const ids = [1, 2, 3].map((n) => ctx.db.insert("Note", { text: args.text + n }));
                    const seen = ctx.db.list("Note");
                    await Promise.all(ids);
                    return (await seen).map((note: any) => note.text);
                    """),
                "floods",
                mutation(
                    """
                    const { writeFileSync } = await import("node:fs");
                    const refused = (e: any) => { writeFileSync(args.heard, e.code); return e.code; };
                    const asked = Array.from({ length: 100_001 }, () => ctx.db.get("Note", "none"));
                    const answers = await Promise.all(asked.map((get) => get.catch(refused)));
                    return answers.filter((answer) => answer !== null);
                    """),
                "nothing",
                mutation("return 5;"),
                "tries",
                mutation(
                    """
                    try {
                      await ctx.db.insert("Note", { text: "never" });
                    } catch (e: any) {
                      (await import("node:fs")).writeFileSync(args.heard, e.code);
                    }
                    """),
                "increment",
                mutation(
                    """
                    const note = await ctx.db.get("Note", args.id);
                    await ctx.db.update("Note", args.id, { stars: note.stars + 1 });
                    return note.stars;
                    """)));
  }

  @AfterEach
  void close() {
    engine.close();
  }

  /** Writes for as long as {@code work} takes, and keeps a note. */
  private void inTurn(Runnable work) {
    String unused =
        engine
            .store()
            .write(
                Deadline.after(SOON),
                tx -> {
                  String id = tx.insert("Note", Map.of("text", "first"));
                  work.run();
                  return id;
                });
  }

  /** Waits for what a handler writes in a file of the test. */
  private String awaitText(Path file) {
    Eventually.within(SOON, () -> Files.exists(file), engine::log);
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatAHandlerAskedBeforeItsTurnIsDoneInOrderWithinIt() throws Exception {
    Path begun = folder.resolve("begun");
    List<Change> changes = new CopyOnWriteArrayList<>();
    engine.store().onCommit(changes::addAll);
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> call = new ArrayList<>();

      inTurn(() -> {
        call.add(
            tasks.submit(() -> engine.call("addThree", Map.of("text", "n", "begun", "" + begun))));
        assertThat(awaitText(begun)).isEmpty();
        assertThat(engine.store().list("Note")).isEmpty();
      });

      assertThat(value(call.getFirst().get())).isEqualTo(List.of("first", "n1", "n2", "n3"));
    }
    assertThat(changes)
        .extracting(change -> change.data() == null ? null : change.data().get("text"))
        .containsExactly("first", "n1", "n2", "n3");
    assertThat(changes).extracting(Change::seq).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void aHandlerThatAsksNothingStillWaitsForItsTurn() throws Exception {
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> call = new ArrayList<>();

      inTurn(() -> call.add(tasks.submit(() -> engine.call("nothing"))));

      assertThat(value(call.getFirst().get())).isEqualTo(5L);
    }
  }

  @Test
  void whoGetsNoTurnInTimeIsToldSoAndItsHandlerToo() {
    Path heard = folder.resolve("heard");

    inTurn(() -> {
      Answer answer = engine.call("tries", Map.of("heard", "" + heard));
      assertThat(failure(answer)).startsWith("FN_OVERLOADED 503 ");
      Eventually.within(
          SOON, () -> awaitText(heard).equals("CALL_CANCELLED"), () -> awaitText(heard));
    });

    assertThat(engine.store().list("Note")).hasSize(1);
    assertThat(value(engine.call("nothing"))).isEqualTo(5L);
  }

  @Test
  void whatAHandlerAsksBeforeItsTurnIsBounded() throws Exception {
    Path heard = folder.resolve("heard");
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> call = new ArrayList<>();

      inTurn(() -> {
        call.add(tasks.submit(() -> engine.call("floods", Map.of("heard", "" + heard))));
        Eventually.within(
            SOON, () -> awaitText(heard).equals("FN_OVERLOADED"), () -> awaitText(heard));
      });

      assertThat(value(call.getFirst().get())).isEqualTo(List.of("FN_OVERLOADED"));
    }
  }

  @Test
  void manyWaitAndEachReadsWhatTheOneBeforeItWrote() throws Exception {
    String note =
        engine
            .store()
            .write(Deadline.after(SOON), tx -> tx.insert("Note", Map.of("text", "n", "stars", 0L)));
    List<Future<Answer>> calls = new ArrayList<>();
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 100; i++) {
        calls.add(tasks.submit(() -> engine.call("increment", Map.of("id", note))));
      }
    }

    for (Future<Answer> call : calls) {
      assertThat(value(call.get())).isNotNull();
    }
    assertThat(engine.store().get("Note", note).orElseThrow()).containsEntry("stars", 100L);
  }
}
