package dev.pylon.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.json.RawJson;
import dev.pylon.model.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TracesTest {
  private final Traces traces = new Traces();

  private static Trace trace(String id, String function, boolean failed) {
    return trace(id, function, failed, 1.0, null);
  }

  private static Trace trace(
      String id, String function, boolean failed, double millis, @Nullable String parent) {
    return new Trace(
        id,
        function,
        "query",
        null,
        0,
        millis,
        failed ? new Trace.Error("NO", "no", null) : new Trace.Ok(RawJson.NULL),
        List.of(),
        0,
        0,
        List.of(),
        parent,
        null,
        Source.HTTP,
        null,
        0,
        0,
        1,
        false,
        null,
        List.of(),
        0,
        false);
  }

  private static TraceQuery query(@Nullable String function, boolean errors) {
    return new TraceQuery(function, errors, null, null, null, null, null, null);
  }

  private static List<String> ids(List<Trace> traces) {
    return traces.stream().map(Trace::callId).toList();
  }

  /** Empty, partly filled, exactly full, and once and twice around. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 999, 1_000, 1_001, 2_500})
  void theNewestThousandAreKeptNewestFirst(int added) {
    for (int i = 0; i < added; i++) {
      traces.add(trace("c_" + i, "f", false));
    }

    assertThat(ids(traces.recent(TraceQuery.ALL, 10_000)))
        .isEqualTo(
            IntStream.range(Math.max(0, added - 1_000), added)
                .mapToObj(i -> "c_" + i)
                .toList()
                .reversed());
    assertThat(traces.recent(TraceQuery.ALL, 3)).hasSize(Math.min(3, added));
  }

  @Test
  void filtersLookThroughTheWholeRing() {
    traces.add(trace("c_0", "rare", true));
    for (int i = 1; i < 900; i++) {
      traces.add(trace("c_" + i, "common", false));
    }

    assertThat(ids(traces.recent(query("rare", false), 5))).containsExactly("c_0");
    assertThat(ids(traces.recent(query(null, true), 5))).containsExactly("c_0");
  }

  /** Pages of seven, which no ring divides by; every call once, however the two sorts mix. */
  @Test
  void pagesShowEveryCallOnce() {
    var all = new ArrayList<String>();
    for (int i = 0; i < 300; i++) {
      all.add("c_" + i);
      if (i % 5 == 0) {
        traces.addRefused(trace("c_" + i, "nowhere", true));
      } else {
        traces.add(trace("c_" + i, "f", false));
      }
    }

    var shown = new ArrayList<String>();
    Traces.Page page = traces.before(Traces.Cursor.END, TraceQuery.ALL, 7);
    while (!page.traces().isEmpty()) {
      shown.addAll(ids(page.traces()));
      page = traces.before(page.before(), TraceQuery.ALL, 7);
    }

    assertThat(shown).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void strangersCannotPushOutWhatHappened() {
    traces.add(trace("c_0", "real", false));
    for (int i = 1; i < 5_000; i++) {
      traces.addRefused(trace("c_" + i, "nowhere", true));
    }

    assertThat(ids(traces.recent(TraceQuery.ALL, 10))).containsExactly("c_0");
    assertThat(traces.refused(TraceQuery.ALL, 10_000)).hasSize(100);
    assertThat(traces.find("c_4999")).isPresent();
    assertThat(traces.find("c_1")).isEmpty();
  }

  @Test
  void theCallsOfACallAreFoundOldestFirst() {
    traces.add(trace("c_2", "a", false, 1, "c_1"));
    traces.add(trace("c_3", "b", false, 1, "c_1"));
    traces.add(trace("c_1", "outer", false));

    assertThat(ids(traces.children("c_1"))).containsExactly("c_2", "c_3");
  }

  // ---- following ----

  @Test
  void aFollowerGetsEachTraceOnceInItsOrder() {
    var cursor = traces.end();
    for (int i = 0; i < 250; i++) {
      traces.add(trace("c_" + i, "f", false));
    }

    var seen = new ArrayList<String>();
    for (Traces.Batch batch = traces.after(cursor, 100);
        !batch.traces().isEmpty();
        batch = traces.after(batch.next(), 100)) {
      seen.addAll(ids(batch.traces()));
      assertThat(batch.lost()).isZero();
    }

    assertThat(seen).isEqualTo(IntStream.range(0, 250).mapToObj(i -> "c_" + i).toList());
  }

  @Test
  void whoSawPartOfABatchGoesOnBehindIt() {
    var cursor = traces.end();
    for (int i = 0; i < 4; i++) {
      traces.add(trace("c_" + i, "f", false));
      traces.addRefused(trace("r_" + i, "f", true));
    }
    List<Traces.Placed> batch = traces.after(cursor, 100).placed();

    for (int seen = 1; seen <= batch.size(); seen++) {
      Traces.Cursor behind = batch.get(seen - 1).behind();
      assertThat(traces.after(behind, 100).placed())
          .containsExactlyElementsOf(batch.subList(seen, batch.size()));
    }
  }

  @Test
  void whatAnEarlierStartLeftIsNotOfThisOne() {
    traces.restore(List.of(trace("c_0", "f", false), trace("c_1", "f", false)));
    traces.add(trace("c_2", "f", false));

    assertThat(ids(traces.after(traces.start(), 100).traces())).containsExactly("c_2");
    assertThat(ids(traces.recent(TraceQuery.ALL, 100))).containsExactly("c_2", "c_1", "c_0");
  }

  @Test
  void aFollowerThatIsLateIsToldHowManyItHasLost() {
    var cursor = traces.end();
    for (int i = 0; i < 1_300; i++) {
      traces.add(trace("c_" + i, "f", false));
    }

    Traces.Batch batch = traces.after(cursor, 10_000);

    assertThat(batch.lost()).isEqualTo(300);
    assertThat(batch.traces()).hasSize(1_000);
    assertThat(batch.traces().getFirst().callId()).isEqualTo("c_300");
  }

  @Test
  void aFollowerHearsOfRefusedCallsToo() {
    traces.addRefused(trace("c_0", "f", true));
    var cursor = traces.end();
    traces.add(trace("c_1", "f", false));
    traces.addRefused(trace("c_2", "f", true));
    for (int i = 0; i < 130; i++) {
      traces.addRefused(trace("r_" + i, "f", true));
    }

    Traces.Batch batch = traces.after(cursor, 1_000);

    assertThat(batch.lost()).isEqualTo(31);
    assertThat(ids(batch.traces())).hasSize(101).contains("c_1", "r_30").doesNotContain("c_0");
    assertThat(traces.after(batch.next(), 1_000).traces()).isEmpty();
  }

  @Test
  void aFollowerWakesForTheNextTraceAndNotLater() throws Exception {
    var cursor = traces.end();
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting =
          tasks.submit(() -> traces.awaitAfter(cursor, 10, Deadline.after(Duration.ofSeconds(30))));

      traces.add(trace("c_1", "f", false));

      assertThat(ids(waiting.get(30, TimeUnit.SECONDS).traces())).containsExactly("c_1");
    }
  }

  @Test
  void aFollowerOfSilenceComesBackAtItsDeadline() throws Exception {
    Traces.Batch batch = traces.awaitAfter(traces.end(), 10, Deadline.after(Duration.ofMillis(20)));

    assertThat(batch.traces()).isEmpty();
  }

  // ---- sums ----

  @Test
  void percentilesAreOfWhatTheRingHolds() {
    for (int i = 1; i <= 100; i++) {
      traces.add(trace("c_" + i, "f", i % 10 == 0, i, null));
    }

    assertThat(traces.stats()).containsOnlyKeys("f");
    assertThat(traces.stats().get("f")).isEqualTo(new Traces.Stats(100, 10, 50, 95));
  }

  // ---- names ----

  @ParameterizedTest
  @CsvSource({
    "add, add, true",
    "add, addTodo, false",
    "add*, addTodo, true",
    "*Todo, addTodo, true",
    "a*T*o, addTodo, true",
    "*, '', true",
    "'', a, false",
    "**, a, true",
    "a*b, ab, true",
    "a*b*, acbd, true",
    "*a, b, false",
    "a.*, ab, false"
  })
  void aStarStandsForAnything(String glob, String name, boolean matches) {
    assertThat(TraceQuery.globMatches(glob, name)).isEqualTo(matches);
  }

  @Test
  void aGlobOfManyStarsIsQuick() {
    String glob = "*a".repeat(200) + "b";

    assertThat(TraceQuery.globMatches(glob, "a".repeat(5_000))).isFalse();
  }
}
