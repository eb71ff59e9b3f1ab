package dev.pylon.jobs;

import static dev.pylon.Eventually.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pylon.db.Database;
import dev.pylon.db.Sql;
import dev.pylon.db.sqlite.SqliteDatabase;
import dev.pylon.jobs.JobRunner.Outcome;
import dev.pylon.json.Json;
import dev.pylon.json.RawJson;
import dev.pylon.model.Deadline;
import dev.pylon.model.IdSource;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Manifest;
import dev.pylon.store.SqlStore;
import dev.pylon.store.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the queue keeps on either database. */
abstract class JobQueueContract {
  static final Manifest MANIFEST =
      Manifest.parse(
          """
          {"manifest_version": 1, "name": "t", "version": "1", "routes": [], "entities":
            [{"name": "Todo", "indexes": [], "fields":
              [{"name": "title", "type": "string", "optional": false, "unique": false}]}]}\
          """
              .getBytes(StandardCharsets.UTF_8));

  private static final JobSettings SETTINGS =
      new JobSettings(4, Duration.ofSeconds(60), Duration.ofHours(1), false);

  @TempDir Path folder;

  /** Moved by hand. */
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-31T12:00:00Z"));

  final InstantSource clock = now::get;
  private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor();
  final List<String> ran = Collections.synchronizedList(new ArrayList<>());
  private final List<JobQueue> queues = new ArrayList<>();
  private volatile Outcome outcome = new Outcome.Done();
  Store store;

  @BeforeEach
  void open() {
    store = openStore();
  }

  /** Opens the database of this test, empty the first time. */
  abstract Database openDatabase();

  private Store openStore() {
    return SqlStore.open(openDatabase(), MANIFEST, "test", 1_000, new IdSource(clock), clock);
  }

  @AfterEach
  void close() {
    queues.forEach(queue -> queue.close(Duration.ofSeconds(5)));
    ticker.shutdownNow();
    store.close();
  }

  /** A queue whose turns only the test takes, by {@link JobQueue#runDue}. */
  JobQueue queue(String worker) {
    return queue(worker, clock, SETTINGS);
  }

  JobQueue queue(String worker, InstantSource time, JobSettings settings) {
    var queue = JobQueue.open(store, settings, worker, time, new Random(1), ticker);
    queues.add(queue);
    return queue;
  }

  Outcome run(Job job, JobRunner.Completion unused) {
    ran.add(job.function() + job.args() + "#" + job.attempt());
    return outcome;
  }

  private JobQueue started() {
    JobQueue queue = queue("here");
    queue.start(this::run);
    return queue;
  }

  long after(long millis) {
    return clock.millis() + millis;
  }

  void pass(Duration time) {
    now.updateAndGet(moment -> moment.plus(time));
  }

  static void await(BooleanSupplier condition, Object stuck) {
    Deadline deadline = Deadline.after(SOON);
    while (!condition.getAsBoolean()) {
      assertThat(deadline.isPast()).as("still waiting: %s", stuck).isFalse();
      Thread.onSpinWait();
    }
  }

  @Test
  void aJobRunsAtItsTimeAndNotBefore() {
    JobQueue queue = started();
    String id = queue.schedule(null, "close", RawJson.EMPTY_OBJECT, after(1_500));

    pass(Duration.ofMillis(1_499));
    int early = queue.runDue();
    List<String> ranEarly = List.copyOf(ran);
    pass(Duration.ofMillis(1));
    queue.runDue();

    assertThat(early).isZero();
    assertThat(ranEarly).isEmpty();
    await(() -> queue.find(id).orElseThrow().status() == Job.Status.COMPLETED, ran);
    assertThat(queue.runDue()).isZero();
    assertThat(ran).containsExactly("close{}#1");
    Job done = queue.find(id).orElseThrow();
    assertThat(done.dueMillis() - done.createdMillis()).isEqualTo(1_500);
    assertThat(done.startedMillis()).isEqualTo(done.dueMillis());
  }

  @Test
  void whatIsScheduledRunsByItself() throws Exception {
    BlockingQueue<Long> times = new LinkedBlockingQueue<>();
    JobQueue queue = queue("here", InstantSource.system(), SETTINGS);
    queue.start((job, _) -> {
      times.add(System.currentTimeMillis());
      return new Outcome.Done();
    });
    long due = System.currentTimeMillis() + 1_500;

    queue.schedule(null, "later", RawJson.EMPTY_OBJECT, due);
    queue.schedule(null, "now", RawJson.EMPTY_OBJECT, 0);

    Long first = times.poll(30, TimeUnit.SECONDS);
    Long second = times.poll(30, TimeUnit.SECONDS);
    assertThat(first).isNotNull().isLessThan(due);
    assertThat(second).isNotNull().isGreaterThanOrEqualTo(due);
  }

  @Test
  void aJobOfAMutationCommitsOrRollsBackWithIt() {
    JobQueue queue = started();
    var lost = new AtomicReference<String>();

    String kept =
        store.write(
            Deadline.after(SOON),
            tx -> {
              tx.insert("Todo", Map.of("title", "x"));
              return queue.schedule(tx, "kept", RawJson.EMPTY_OBJECT, after(0));
            });
    assertThatThrownBy(() ->
            store.write(
                Deadline.after(SOON),
                tx -> {
                  lost.set(queue.schedule(tx, "lost", RawJson.EMPTY_OBJECT, after(0)));
                  throw new IllegalStateException("no");
                }))
        .hasMessage("no");
    String next = queue.schedule(null, "next", RawJson.EMPTY_OBJECT, after(60_000));

    await(() -> queue.find(kept).orElseThrow().status() == Job.Status.COMPLETED, ran);
    assertThat(ran).containsExactly("kept{}#1");
    assertThat(lost.get()).matches("job_\\d+");
    assertThat(queue.find(next).orElseThrow().function()).isEqualTo("next");
  }

  @Test
  void aJobCanBeCancelledUntilItBegins() {
    JobQueue queue = started();
    String waiting = queue.schedule(null, "a", RawJson.EMPTY_OBJECT, after(1_000));
    String done = queue.schedule(null, "b", RawJson.EMPTY_OBJECT, after(500));
    pass(Duration.ofMillis(500));
    queue.runDue();
    await(() -> queue.find(done).orElseThrow().status() == Job.Status.COMPLETED, ran);

    boolean cancelled = queue.cancel(null, waiting);

    assertThat(cancelled).isTrue();
    assertThat(queue.cancel(null, waiting)).isFalse();
    assertThat(queue.cancel(null, done)).isFalse();
    assertThat(queue.cancel(null, "pending:a")).isFalse();
    assertThat(queue.cancel(null, "job_999")).isFalse();
    pass(Duration.ofSeconds(2));
    assertThat(queue.runDue()).isZero();
    assertThat(queue.find(waiting).orElseThrow().status()).isEqualTo(Job.Status.CANCELLED);
  }

  @Test
  void aMutationCanCancelWhatItScheduled() {
    JobQueue queue = started();

    String id =
        store.write(
            Deadline.after(SOON),
            tx -> {
              String made = queue.schedule(tx, "a", RawJson.EMPTY_OBJECT, after(0));
              assertThat(queue.cancel(tx, made)).isTrue();
              return made;
            });

    assertThat(queue.runDue()).isZero();
    assertThat(queue.find(id).orElseThrow().status()).isEqualTo(Job.Status.CANCELLED);
  }

  @Test
  void failuresAreTriedAgainWithGrowingPausesAndThenTheJobIsDead() {
    JobQueue queue = started();
    outcome = new Outcome.Failed("OOPS: no");
    String id = queue.schedule(null, "f", RawJson.EMPTY_OBJECT, after(100));
    var pauses = new ArrayList<Long>();

    pass(Duration.ofMillis(100));
    for (int attempt = 1; attempt <= 3; attempt++) {
      int count = attempt;
      queue.runDue();
      await(() -> queue.find(id).orElseThrow().retryCount() == count, ran);
      Job job = queue.find(id).orElseThrow();
      assertThat(job.status()).isEqualTo(Job.Status.RETRYING);
      assertThat(job.error()).isEqualTo("OOPS: no");
      pauses.add(job.dueMillis() - clock.millis());
      pass(Duration.ofMillis(job.dueMillis() - clock.millis() - 1));
      assertThat(queue.runDue()).isZero();
      pass(Duration.ofMillis(1));
    }
    queue.runDue();
    await(() -> queue.find(id).orElseThrow().status() == Job.Status.DEAD, ran);

    assertThat(ran).containsExactly("f{}#1", "f{}#2", "f{}#3", "f{}#4");
    assertThat(pauses.get(0)).isBetween(1_000L, 3_000L);
    assertThat(pauses.get(1)).isBetween(2_000L, 6_000L);
    assertThat(pauses.get(2)).isBetween(4_000L, 12_000L);
    assertThat(queue.find(id).orElseThrow().completedMillis()).isEqualTo(clock.millis());
  }

  @Test
  void whatIsAwayCostsNoAttempt() {
    JobQueue queue = started();
    outcome = new Outcome.Unavailable("RUNNER_EXITED: gone");
    String id = queue.schedule(null, "f", RawJson.EMPTY_OBJECT, after(1));

    for (int i = 0; i < 10; i++) {
      int runs = i + 1;
      pass(Duration.ofSeconds(2));
      queue.runDue();
      await(
          () -> ran.size() == runs && queue.find(id).orElseThrow().status() == Job.Status.RETRYING,
          ran);
    }
    outcome = new Outcome.Done();
    pass(Duration.ofSeconds(2));
    queue.runDue();

    await(() -> queue.find(id).orElseThrow().status() == Job.Status.COMPLETED, ran);
    assertThat(ran).hasSize(11).allMatch("f{}#1"::equals);
  }

  @Test
  void aJobThatNobodyCanRunWaitsForOtherFunctions() {
    JobQueue queue = started();
    outcome = new Outcome.NoHandler("FN_NOT_FOUND: Function \"f\" is not registered");
    String id = queue.schedule(null, "f", RawJson.EMPTY_OBJECT, after(1));
    pass(Duration.ofMillis(1));
    queue.runDue();
    await(() -> queue.find(id).orElseThrow().error() != null, ran);
    Job parked = queue.find(id).orElseThrow();
    assertThat(queue.runDue()).isZero();

    outcome = new Outcome.Done();
    queue.functionsChanged();

    await(() -> queue.find(id).orElseThrow().status() == Job.Status.COMPLETED, ran);
    assertThat(parked.status()).isEqualTo(Job.Status.PENDING);
    assertThat(parked.retryCount()).isZero();
  }

  @Test
  void aRunnerThatThrowsHasFailed() {
    JobQueue queue = queue("here");
    queue.start((job, _) -> {
      throw new IllegalArgumentException("secret");
    });
    String id = queue.schedule(null, "f", RawJson.EMPTY_OBJECT, after(1));

    pass(Duration.ofMillis(1));
    queue.runDue();

    await(() -> queue.find(id).orElseThrow().status() == Job.Status.RETRYING, id);
    assertThat(queue.find(id).orElseThrow().error())
        .isEqualTo("INTERNAL: IllegalArgumentException");
  }

  @Test
  void anEffectThatIsOneTransactionCommitsWithTheEndOfItsJob() {
    JobQueue queue = queue("here");
    var endInside = new AtomicReference<Job.Status>();
    queue.start((job, completion) ->
        store.write(
            Deadline.after(SOON),
            tx -> {
              tx.insert("Todo", Map.of("title", job.id()));
              completion.in(tx);
              endInside.set(queue.find(job.id()).orElseThrow().status());
              return new Outcome.Failed("said after the end, which stands");
            }));

    String id = queue.schedule(null, "f", RawJson.EMPTY_OBJECT, 0);

    await(() -> queue.find(id).orElseThrow().status() == Job.Status.COMPLETED, id);
    assertThat(endInside.get())
        .as("as others see it before the commit")
        .isEqualTo(Job.Status.RUNNING);
    assertThat(store.list("Todo")).hasSize(1);
  }

  @Test
  void whoLostItsJobToAnotherCannotCommitItsEffect() {
    JobQueue slow = queue("slow");
    var lost = new AtomicReference<PylonException>();
    slow.start((job, completion) -> {
      pass(Duration.ofSeconds(61));
      JobQueue other = queue("other");
      other.start(this::run);
      await(() -> other.find(job.id()).orElseThrow().retryCount() == 1, job);
      try {
        return store.write(
            Deadline.after(SOON),
            tx -> {
              tx.insert("Todo", Map.of("title", "twice"));
              completion.in(tx);
              return new Outcome.Done();
            });
      } catch (PylonException e) {
        lost.set(e);
        return new Outcome.Unavailable(e.message());
      }
    });

    slow.schedule(null, "f", RawJson.EMPTY_OBJECT, 0);

    await(() -> lost.get() != null, "the attempt");
    assertThat(lost.get().code()).isEqualTo(JobError.JOB_LOST);
    assertThat(store.list("Todo")).isEmpty();
  }

  @Test
  void theMoreUrgentRunFirstAndOtherwiseWhoCameFirst() {
    JobQueue queue =
        queue(
            "here", clock, new JobSettings(1, Duration.ofSeconds(60), Duration.ofHours(1), false));
    for (String name : List.of("low", "high", "normal", "critical", "normal2")) {
      queue.schedule(null, name, RawJson.EMPTY_OBJECT, after(1));
    }
    prioritise("low", 0);
    prioritise("high", 2);
    prioritise("critical", 3);
    pass(Duration.ofMillis(1));

    queue.start(this::run);

    await(() -> ran.size() == 5, ran);
    assertThat(ran)
        .containsExactly("critical{}#1", "high{}#1", "normal{}#1", "normal2{}#1", "low{}#1");
  }

  private void prioritise(String name, int priority) {
    store.write(
        Deadline.after(SOON),
        tx ->
            tx.own(own ->
                own.execute(
                    Sql.of("UPDATE _pylon_jobs SET priority = ? WHERE name = ?", priority, name))));
  }

  @Test
  void jobsOfTwoProcessesRunOnceEach() {
    JobQueue here = queue("here");
    JobQueue there = queue("there");
    for (int i = 0; i < 200; i++) {
      here.schedule(null, "f", Json.raw(i), after(1));
    }
    pass(Duration.ofMillis(1));

    here.start(this::run);
    there.start(this::run);

    await(() -> ran.size() >= 200 && unfinished() == 0, ran.size());
    assertThat(ran).hasSize(200);
    assertThat(new HashSet<>(ran)).hasSize(200);
  }

  long unfinished() {
    return store.own(own ->
        own.one(
                Sql.of("SELECT count(*) FROM _pylon_jobs WHERE status <> 'completed'"),
                row -> row.integer(0))
            .orElseThrow());
  }

  /** A job that {@code queue} has begun and is at until {@code over}. */
  private static String running(JobQueue queue, CountDownLatch over) {
    queue.start((_, _) -> {
      try {
        over.await();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      return new Outcome.Done();
    });
    String id = queue.schedule(null, "f", RawJson.EMPTY_OBJECT, 0);
    await(() -> queue.find(id).orElseThrow().status() == Job.Status.RUNNING, id);
    return id;
  }

  @Test
  void aJobWhoseProcessDiedRunsAgainWhenItsLeaseIsOver() {
    JobQueue there = queue("there");
    var never = new CountDownLatch(1);
    String id = running(there, never);
    JobQueue here = queue("here");
    here.start(this::run);

    pass(Duration.ofSeconds(59));
    here.runDue();
    Job leased = here.find(id).orElseThrow();
    pass(Duration.ofSeconds(2));
    here.runDue();
    Job taken = here.find(id).orElseThrow();
    pass(Duration.ofSeconds(4));
    here.runDue();

    assertThat(leased.status()).isEqualTo(Job.Status.RUNNING);
    assertThat(taken.status()).isEqualTo(Job.Status.RETRYING);
    assertThat(taken.retryCount()).isEqualTo(1);
    await(() -> here.find(id).orElseThrow().status() == Job.Status.COMPLETED, ran);
    assertThat(ran).containsExactly("f{}#2");
    never.countDown();
  }

  @Test
  void aJobOfAProcessThatIsKnownToBeGoneIsTakenOverAtOnce() {
    JobQueue there = queue("there");
    var never = new CountDownLatch(1);
    String id = running(there, never);
    String gone = Worker.here("gone").replaceFirst(" \\d+ \\d+ ", " 2147483647 0 ");
    store.write(
        Deadline.after(SOON),
        tx -> tx.own(own -> own.execute(Sql.of("UPDATE _pylon_jobs SET claimed_by = ?", gone))));

    JobQueue here = queue("here");
    here.start(this::run);

    await(() -> here.find(id).orElseThrow().retryCount() == 1, id);
    assertThat(Worker.isGone(gone)).isTrue();
    assertThat(Worker.isGone(Worker.here("me"))).isFalse();
    assertThat(Worker.isGone("of another machine")).isFalse();
    never.countDown();
  }

  @Test
  void unfinishedJobsOfAnEarlierServerAreTakenOverOnce() {
    long created = clock.instant().getEpochSecond() - 10;
    JobQueue queue = queue("here");
    try (var earlier = SqliteDatabase.open(folder.resolve("app.db.jobs.db"))) {
      earlier.write(
          Deadline.after(SOON),
          tx ->
              tx.run(session -> {
                session.execute(
                    Sql.of(
                        """
                        CREATE TABLE jobs (id TEXT PRIMARY KEY, name TEXT, payload TEXT,
                          priority INTEGER, status TEXT, max_retries INTEGER, retry_count INTEGER,
                          queue TEXT, delay_secs INTEGER, error TEXT, created_at TEXT,
                          started_at TEXT, completed_at TEXT)\
                        """));
                return session.execute(
                    Sql.of(
                        """
                        INSERT INTO jobs (id, name, payload, priority, status, max_retries,
                            retry_count, queue, delay_secs, created_at) VALUES
                          ('job_1', 'ran', '{}', 1, 'running', 3, 1, 'functions', 0, ?),
                          ('job_2', 'waits', '{"a":1}', 3, 'pending', 5, 0, 'mail', 60, ?),
                          ('job_3', 'done', '{}', 1, 'completed', 3, 0, 'default', 0, ?),
                          ('job_4', 'died', '{}', 1, 'dead', 3, 3, 'default', 0, ?)\
                        """,
                        created + "Z",
                        created + "Z",
                        created + "Z",
                        created + "Z"));
              }));

      int first = queue.takeOver(earlier, "file");
      int second = queue.takeOver(earlier, "file");

      assertThat(first).isEqualTo(2);
      assertThat(second).isZero();
    }
    List<Job> jobs = new JobDesk(queue).list(null, null, 10);
    assertThat(jobs).extracting(Job::function).containsExactly("waits", "ran");
    assertThat(jobs.getFirst().dueMillis()).isEqualTo((created + 60) * 1_000);
    assertThat(jobs.getFirst().priority()).isEqualTo(Priority.CRITICAL);
    assertThat(jobs.getFirst().args()).hasToString("{\"a\":1}");
    queue.start(this::run);
    await(() -> !ran.isEmpty(), jobs);
    assertThat(ran).containsExactly("ran{}#1");
  }

  @Test
  void jobsSurviveARestartAndNumbersAreNotUsedTwice() {
    JobQueue before = queue("before");
    before.start(this::run);
    String done = before.schedule(null, "done", RawJson.EMPTY_OBJECT, 0);
    String waiting = before.schedule(null, "waiting", Json.raw(Map.of("a", 1)), after(5_000));
    await(() -> before.find(done).orElseThrow().status() == Job.Status.COMPLETED, ran);
    before.close(SOON);
    store.close();

    store = openStore();
    JobQueue after = queue("after");
    after.start(this::run);
    pass(Duration.ofSeconds(5));
    after.runDue();

    await(() -> after.find(waiting).orElseThrow().status() == Job.Status.COMPLETED, ran);
    assertThat(ran).containsExactly("done{}#1", "waiting{\"a\":1}#1");
    pass(Duration.ofHours(3));
    after.runDue();
    assertThat(after.find(waiting)).as("what ended long ago is swept away").isEmpty();
    assertThat(after.schedule(null, "x", RawJson.EMPTY_OBJECT, after(1_000))).isEqualTo("job_3");
  }

  @Test
  void closingGivesBackWhatIsNotFinished() {
    JobQueue queue = queue("here");
    var never = new CountDownLatch(1);
    queue.start((job, _) -> {
      try {
        never.await();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
      return new Outcome.Failed("interrupted");
    });
    String id = queue.schedule(null, "f", RawJson.EMPTY_OBJECT, 0);
    await(() -> queue.find(id).orElseThrow().status() == Job.Status.RUNNING, id);

    queue.close(Duration.ofMillis(20));
    queue.close(Duration.ofMillis(20));

    Job job = queue.find(id).orElseThrow();
    assertThat(job.status()).isEqualTo(Job.Status.PENDING);
    assertThat(job.retryCount()).isZero();
  }
}
