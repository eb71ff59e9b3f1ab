package dev.pylon.jobs;

import dev.pylon.db.Database;
import dev.pylon.db.DatabaseError;
import dev.pylon.db.DatabaseException;
import dev.pylon.db.Session;
import dev.pylon.db.Work;
import dev.pylon.functions.Scheduler;
import dev.pylon.jobs.JobTable.Ending;
import dev.pylon.json.RawJson;
import dev.pylon.model.Deadline;
import dev.pylon.model.PylonException;
import dev.pylon.store.Store;
import dev.pylon.store.Transaction;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Functions that run later. Thread-safe.
 *
 * <p>A turn ({@link #runDue}) claims what is due for the workers that are free and runs it. Turns
 * are taken when a commit brings a job that is due, when a worker becomes free, and when the ticker
 * says that the next job is due; in between nothing looks at the table. A claim is a lease that is
 * renewed while the job runs: where a process dies, another takes the job over, or the same one
 * after its restart. A job runs at least once, and has its effect once where it is one transaction,
 * with which its end commits.
 */
public final class JobQueue implements Scheduler {
  private static final System.Logger LOG = System.getLogger(JobQueue.class.getName());

  /** How long we wait to write down what became of a job. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** How soon we look again where the database did not answer. */
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(5);

  private static final Duration BETWEEN_SWEEPS = Duration.ofHours(1);

  /** What ended a job whose process died. */
  private static final JobRunner.Outcome GONE =
      new JobRunner.Outcome.Failed("RUNTIME_GONE: the process that ran it is gone");

  private final Store store;
  private final JobSettings settings;
  private final String worker;
  private final InstantSource clock;
  private final Endings endings;
  private final ScheduledExecutorService ticker;
  private final ExecutorService tasks =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("job-", 0).factory());
  private final Semaphore free;

  /** One turn claims at a time: two would only share the workers out in halves. */
  private final ReentrantLock claiming = new ReentrantLock();

  private final AtomicBoolean woken = new AtomicBoolean();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Alarm alarm;
  private volatile @Nullable JobRunner runner;

  /**
   * Whether more may be due than there were workers for; then a worker that ends asks for a turn.
   */
  private volatile boolean backlog;

  private final AtomicLong completed = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private volatile long sweptMillis;
  private volatile @Nullable ScheduledFuture<?> beats;

  private JobQueue(
      Store store,
      JobSettings settings,
      String worker,
      InstantSource clock,
      RandomGenerator random,
      ScheduledExecutorService ticker) {
    this.store = store;
    this.settings = settings;
    this.worker = Worker.here(worker);
    this.clock = clock;
    this.endings = new Endings(clock, random);
    this.ticker = ticker;
    this.free = new Semaphore(settings.workers());
    this.alarm = new Alarm(ticker, clock, this::wake);
  }

  /**
   * A queue over {@code store}, whose table it makes where there is none. Jobs can be scheduled at
   * once; none runs before {@link #start}. Neither the store nor the ticker is closed with it.
   *
   * @param worker tells this start from others
   * @param random thread-safe
   */
  public static JobQueue open(
      Store store,
      JobSettings settings,
      String worker,
      InstantSource clock,
      RandomGenerator random,
      ScheduledExecutorService ticker) {
    var queue = new JobQueue(store, settings, worker, clock, random, ticker);
    store.makeOwn(patience(), session -> JobTable.create(session, settings.inMemory()));
    return queue;
  }

  /**
   * Takes over what an earlier server left unfinished in a job file of its own, with all attempts
   * and its due times; once, however often it is asked.
   *
   * @param origin names the file
   * @return how many jobs were taken over
   */
  public int takeOver(Database earlier, String origin) {
    EarlierJobs left = earlier.read(session -> EarlierJobs.read(session, origin));
    return write(left::insertOnce);
  }

  /** Begins to run jobs. To be called once, when functions can be called. */
  public void start(JobRunner jobRunner) {
    runner = jobRunner;
    long beat = settings.lease().toMillis() / 3;
    beats = ticker.scheduleAtFixedRate(() -> aside(this::renew), beat, beat, TimeUnit.MILLISECONDS);
    aside(this::expireGone);
    wake();
  }

  /** What a crash cut off goes on now, not when its lease runs out. */
  private void expireGone() {
    List<String> gone =
        read(session -> JobTable.others(session, worker)).stream().filter(Worker::isGone).toList();
    for (String other : gone) {
      write(session -> JobTable.expire(session, other));
    }
    if (!gone.isEmpty()) {
      wake();
    }
  }

  /** Other functions have been loaded: jobs that nobody could run may try again. */
  public void functionsChanged() {
    aside(() -> {
      if (write(session -> JobTable.unpark(session, clock.millis())) > 0) {
        wake();
      }
    });
  }

  @Override
  public String schedule(@Nullable Transaction tx, String function, RawJson args, long dueMillis) {
    return schedule(tx, JobRequest.ofFunction(function, args), dueMillis - clock.millis());
  }

  /** Adds a job that is due in {@code delayMillis}, at once where that is not positive. */
  String schedule(@Nullable Transaction tx, JobRequest request, long delayMillis) {
    long now = clock.millis();
    long due = now + Math.max(0, delayMillis);
    try {
      return tx == null
          ? store.write(patience(), own -> insert(own, request, now, due))
          : insert(tx, request, now, due);
    } catch (DatabaseException e) {
      throw new PylonException(
          JobError.ENQUEUE_FAILED,
          "\"%s\" could not be scheduled".formatted(request.function()),
          e);
    }
  }

  private String insert(Transaction tx, JobRequest request, long now, long due) {
    long seq = tx.own(session -> JobTable.insert(session, request, now, due));
    tx.afterCommit(() -> lookAt(due));
    return "job_" + seq;
  }

  @Override
  public boolean cancel(@Nullable Transaction tx, String jobId) {
    OptionalLong seq = seq(jobId);
    if (seq.isEmpty()) {
      return false;
    }
    Work<Boolean, RuntimeException> work =
        session -> JobTable.cancel(session, seq.getAsLong(), clock.millis());
    return tx == null ? write(work) : tx.own(work);
  }

  /** The job as it stands now. */
  public Optional<Job> find(String jobId) {
    OptionalLong seq = seq(jobId);
    return seq.isEmpty()
        ? Optional.empty()
        : read(session -> JobTable.find(session, seq.getAsLong()));
  }

  /** Makes a dead job due with all its attempts; false where there is no such dead job. */
  boolean revive(String jobId) {
    OptionalLong seq = seq(jobId);
    if (seq.isEmpty()
        || !write(session -> JobTable.revive(session, seq.getAsLong(), clock.millis()))) {
      return false;
    }
    wake();
    return true;
  }

  /** Jobs done since the start. */
  long completed() {
    return completed.get();
  }

  /** Jobs that died since the start. */
  long failed() {
    return failed.get();
  }

  private static OptionalLong seq(String jobId) {
    try {
      return jobId.startsWith("job_")
          ? OptionalLong.of(Long.parseLong(jobId.substring("job_".length())))
          : OptionalLong.empty();
    } catch (NumberFormatException _) {
      return OptionalLong.empty();
    }
  }

  /** Takes a turn at {@code millis}, or at once where that has passed. */
  private void lookAt(long millis) {
    if (millis <= clock.millis()) {
      wake();
    } else {
      alarm.setNoLaterThan(millis);
    }
  }

  /** Takes a turn soon, on a thread of its own; many wishes before it begins are one. */
  private void wake() {
    if (runner != null && woken.compareAndSet(false, true)) {
      aside(() -> {
        woken.set(false);
        runDue();
      });
    }
  }

  private void aside(Runnable work) {
    if (isClosed()) {
      return;
    }
    try {
      tasks.execute(() -> guarded(work));
    } catch (RejectedExecutionException e) {
      // Closed meanwhile: whoever opens the queue again does it.
    }
  }

  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (PylonException e) {
      if (!isClosed()) {
        warn("the job queue could not use the database", e);
        alarm.setNoLaterThan(clock.millis() + AFTER_TROUBLE.toMillis());
      }
    }
  }

  /** A database that is away is told of every few seconds: in one line each. */
  private static void warn(String message, PylonException e) {
    LOG.log(System.Logger.Level.WARNING, message + " reason=\"" + e.getMessage() + '"');
    LOG.log(System.Logger.Level.DEBUG, message, e);
  }

  /**
   * One turn: claims what is due, as much as workers are free, runs it to its end, and sees that
   * the next turn comes in time. Several turns may go on at once.
   *
   * @return how many jobs were run
   */
  public int runDue() {
    JobRunner jobRunner = runner;
    if (jobRunner == null || isClosed()) {
      return 0;
    }
    List<Job> jobs = claim();
    var ends = new ArrayList<Future<?>>();
    for (Job job : jobs) {
      ends.add(tasks.submit(() -> work(jobRunner, job)));
    }
    ends.forEach(JobQueue::await);
    return jobs.size();
  }

  private List<Job> claim() {
    claiming.lock();
    try {
      return claimForFree();
    } finally {
      claiming.unlock();
    }
  }

  private List<Job> claimForFree() {
    int workers = free.drainPermits();
    if (workers == 0) {
      backlog = true;
      if (free.availablePermits() > 0) {
        // One ended before it could see that there is a backlog.
        wake();
      }
      return List.of();
    }
    Claimed claimed = new Claimed(List.of(), OptionalLong.empty(), 0);
    try {
      claimed = write(session -> claim(session, workers));
      failed.addAndGet(claimed.dead());
      return claimed.jobs();
    } finally {
      backlog = claimed.jobs().size() == workers;
      free.release(workers - claimed.jobs().size());
      claimed.next().ifPresent(this::lookAt);
    }
  }

  /**
   * What a turn found.
   *
   * @param jobs to run now
   * @param next when there is something to do again
   * @param dead jobs that had no attempt left when their worker was gone
   */
  private record Claimed(List<Job> jobs, OptionalLong next, int dead) {}

  private Claimed claim(Session session, int workers) {
    long now = clock.millis();
    int dead = 0;
    for (Job job : JobTable.takeOver(session, worker, now)) {
      Ending ending = endings.of(job, GONE);
      if (JobTable.end(session, ending, worker) && ending.status() == Job.Status.DEAD) {
        dead++;
      }
    }
    if (now - sweptMillis > BETWEEN_SWEEPS.toMillis()) {
      sweptMillis = now;
      JobTable.sweep(session, now - settings.retention().toMillis());
    }
    long lease = now + settings.lease().toMillis();
    List<Job> jobs = JobTable.claim(session, worker, workers, now, lease);
    // With every worker at work, the first to end asks for the next turn.
    return new Claimed(
        jobs,
        jobs.size() == workers ? OptionalLong.empty() : JobTable.nextMoment(session, worker),
        dead);
  }

  private void work(JobRunner jobRunner, Job job) {
    try {
      new Attempt(this, job).run(jobRunner);
    } finally {
      free.release();
      if (backlog) {
        wake();
      }
    }
  }

  /** Marks {@code job} as done with the transaction of its effect; false where it is not ours. */
  boolean endIn(Transaction tx, Job job) {
    Ending done = endings.of(job, new JobRunner.Outcome.Done());
    return tx.own(session -> JobTable.end(session, done, worker));
  }

  /** Notes that a job is done whose end was committed. */
  void countCompleted() {
    completed.incrementAndGet();
  }

  /**
   * Writes down what became of {@code job}, however long the database is away: its lease is ours.
   */
  void end(Job job, JobRunner.Outcome outcome) {
    while (true) {
      try {
        Ending ending = endings.of(job, outcome);
        if (write(session -> JobTable.end(session, ending, worker))) {
          ended(ending);
        }
        return;
      } catch (PylonException e) {
        if (isClosed()) {
          return; // It was given back, or its lease will run out: it runs again at the next start.
        }
        warn("the end of a job is not written yet job=" + job.id(), e);
        if (closesWithin(AFTER_TROUBLE)) {
          return;
        }
      }
    }
  }

  private void ended(Ending ending) {
    switch (ending.status()) {
      case COMPLETED -> completed.incrementAndGet();
      case DEAD -> failed.incrementAndGet();
      default -> lookAt(ending.dueMillis());
    }
  }

  private void renew() {
    if (free.availablePermits() < settings.workers()) {
      write(
          session -> JobTable.renew(session, worker, clock.millis() + settings.lease().toMillis()));
    }
    // What other processes left to do nobody here has heard of.
    wake();
  }

  /** Jobs in memory are seen by the session that writes, and by no other. */
  <R> R read(Work<R, RuntimeException> work) {
    return settings.inMemory() ? write(work) : asked(() -> store.own(work));
  }

  private <R> R write(Work<R, RuntimeException> work) {
    return asked(() -> store.writeOwn(patience(), work));
  }

  private static <R> R asked(Supplier<R> question) {
    try {
      return question.get();
    } catch (DatabaseException e) {
      throw new PylonException(
          DatabaseError.DATABASE_UNAVAILABLE, "The jobs cannot be reached: " + e.getMessage(), e);
    }
  }

  private static Deadline patience() {
    return Deadline.after(PATIENCE);
  }

  private static void await(Future<?> end) {
    try {
      end.get();
    } catch (ExecutionException e) {
      LOG.log(System.Logger.Level.ERROR, "a job was not ended as it should be", e.getCause());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isClosed() {
    return closing.getCount() == 0;
  }

  private boolean closesWithin(Duration patience) {
    try {
      return closing.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Claims no more; what is running goes on. A second call does nothing. */
  public void stop() {
    closing.countDown();
    alarm.close();
    ScheduledFuture<?> beating = beats;
    if (beating != null) {
      beating.cancel(false);
    }
  }

  /**
   * Stops, waits {@code drain} for the jobs that are running, and gives back the others: they run
   * again at the next start. A second call does nothing.
   */
  public void close(Duration drain) {
    stop();
    if (tasks.isShutdown()) {
      return;
    }
    if (!allEndWithin(drain)) {
      write(session -> JobTable.giveBack(session, worker));
    }
    tasks.shutdownNow();
  }

  private boolean allEndWithin(Duration drain) {
    try {
      return free.tryAcquire(settings.workers(), drain.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
