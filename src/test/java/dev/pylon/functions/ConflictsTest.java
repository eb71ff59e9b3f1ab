package dev.pylon.functions;

import static dev.pylon.functions.TestEngine.failure;
import static dev.pylon.functions.TestEngine.mutation;
import static dev.pylon.functions.TestEngine.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.NeedsBun;
import dev.pylon.NeedsPostgres;
import dev.pylon.PostgresServer;
import dev.pylon.db.postgres.PostgresDatabase;
import dev.pylon.functions.TestEngine.Limits;
import dev.pylon.model.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mutations that read and write the same rows at the same time, on a database that lets them. */
@NeedsBun
@NeedsPostgres
class ConflictsTest {
  private static TestEngine engine;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    engine =
        TestEngine.start(
            folder,
            PostgresDatabase.open(PostgresServer.shared().newDatabase()),
            Limits.ORDINARY,
            Map.of(
                "increment",
                mutation(
                    """
                    const note = await ctx.db.get("Note", args.id);
                    await ctx.db.update("Note", args.id, { stars: note.stars + 1 });
                    return note.stars;
                    """),
                "catches",
                mutation(
                    """
                    const note = await ctx.db.get("Note", args.id);
                    try {
                      await ctx.db.update("Note", args.id, { stars: note.stars + 1 });
                    } catch {}
                    return note.stars;
                    """),
                "signals",
                mutation(
                    """
                    const note = await ctx.db.get("Note", args.id);
                    await ctx.scheduler.runAfter(0, "increment", {});
                    console.log("has read");
                    for (let i = 0; i < 200; i++) await ctx.db.get("Slot", "none");
                    await ctx.db.update("Note", args.id, { stars: note.stars + 1 });
                    return note.stars;
                    """),
                "streams",
                mutation(
                    """
                    const note = await ctx.db.get("Note", args.id);
                    ctx.stream.write("begun");
                    for (let i = 0; i < 200; i++) await ctx.db.get("Slot", "none");
                    await ctx.db.update("Note", args.id, { stars: note.stars + 1 });
                    """)));
  }

  @AfterAll
  static void stop() {
    engine.close();
  }

  private static String note() {
    return engine
        .store()
        .write(
            Deadline.after(Duration.ofSeconds(10)),
            tx -> tx.insert("Note", Map.of("text", "x", "stars", 0L)));
  }

  private static long stars(String note) {
    return (Long) engine.store().get("Note", note).orElseThrow().get("stars");
  }

  /** Somebody else adds a star, in a transaction that is over when this returns. */
  private static void addStar(String note) {
    boolean found =
        engine
            .store()
            .write(
                Deadline.after(Duration.ofSeconds(10)),
                tx -> {
                  long stars = (Long) tx.get("Note", note).orElseThrow().get("stars");
                  return tx.update("Note", note, Map.of("stars", stars + 1));
                });
    assertThat(found).isTrue();
  }

  private static List<Answer> atOnce(int count, String function, String note) throws Exception {
    List<Future<Answer>> calls = new ArrayList<>();
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        calls.add(tasks.submit(() -> engine.call(function, Map.of("id", note))));
      }
    }
    var answers = new ArrayList<Answer>();
    for (Future<Answer> call : calls) {
      answers.add(call.get());
    }
    return answers;
  }

  @Test
  void twoHundredIncrementsAtOnceAreExact() throws Exception {
    String note = note();

    List<Answer> answers = atOnce(200, "increment", note);

    assertThat(answers.stream().map(TestEngine::value).distinct()).hasSize(200);
    assertThat(stars(note)).isEqualTo(200);
  }

  @Test
  void aHandlerThatCatchesTheConflictRunsAgainAllTheSame() throws Exception {
    String note = note();

    List<Answer> answers = atOnce(40, "catches", note);

    assertThat(answers.stream().map(TestEngine::value).distinct()).hasSize(40);
    assertThat(stars(note)).isEqualTo(40);
  }

  @Test
  void aSecondRunIsTheSameCallAndLeavesOneEffect() throws Exception {
    String note = note();
    var sawOther = new AtomicInteger();
    Answer answer = null;

    // The other writer may come too late for one call; it never does for many.
    while (sawOther.get() == 0) {
      try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<Answer> call = tasks.submit(() -> engine.call("signals", Map.of("id", note)));
        addStar(note);
        answer = call.get();
      }
      boolean again =
          engine.trace("signals").logs().stream().anyMatch(line -> line.text().contains("again"));
      sawOther.addAndGet(again ? 1 : 0);
    }

    assertThat((Long) value(answer)).isEqualTo(stars(note) - 1);
    assertThat(engine.trace("signals").schedules()).hasSize(1);
  }

  @Test
  void whatHasStreamedIsNotRunAgain() {
    String note = note();
    List<String> heard = new CopyOnWriteArrayList<>();

    Answer answer =
        engine
            .functions()
            .call(
                TestEngine.request("streams", Map.of("id", note))
                    .streamingTo((_, data) -> {
                      heard.add(data);
                      addStar(note);
                    }))
            .answer();

    assertThat(failure(answer)).startsWith("TX_CONFLICT 503 ").contains("streamed");
    assertThat(heard).hasSize(1);
    assertThat(stars(note)).isEqualTo(1);
  }
}
