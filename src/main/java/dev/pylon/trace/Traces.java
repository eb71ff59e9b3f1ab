package dev.pylon.trace;

import dev.pylon.model.Deadline;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The newest traces of this process.
 *
 * <p>Calls that ran and calls that were refused before they could run have a ring each, so that
 * strangers who ask for functions that do not exist cannot push out real traces. Thread-safe.
 */
public final class Traces {
  /** Traces kept of calls that ran (functions contract, 13.2). */
  public static final int RAN_MAX = 1_000;

  private static final int REFUSED_MAX = 100;

  private final Ring ran = new Ring(RAN_MAX);
  private final Ring refused = new Ring(REFUSED_MAX);
  private final List<Consumer<Trace>> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition more = lock.newCondition();
  private int followers;
  private volatile Cursor start = new Cursor(0, 0);

  /** A place in the stream of finished calls: the number of the last trace seen of each ring. */
  public record Cursor(long ran, long refused) {
    /** Behind everything, whatever is still to come. */
    public static final Cursor END = new Cursor(Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /**
   * Some of what is kept, newest first.
   *
   * @param before the place of the oldest of them: there the next page ends
   */
  public record Page(List<Trace> traces, Cursor before) {}

  /** A trace, and the place from which on one has seen it and all before it. */
  public record Placed(Trace trace, Cursor behind) {}

  /**
   * What came after a cursor, each sort in its order.
   *
   * @param lost traces that are no longer kept
   */
  public record Batch(long lost, List<Placed> placed, Cursor next) {

    /** The traces alone. */
    public List<Trace> traces() {
      return placed.stream().map(Placed::trace).toList();
    }
  }

  /** Keeps the trace of a call that ran. */
  public void add(Trace trace) {
    ran.add(trace);
    tell(trace);
  }

  /** Keeps the trace of a call that was refused before it ran. */
  public void addRefused(Trace trace) {
    refused.add(trace);
    tell(trace);
  }

  /** Puts traces of an earlier start, oldest first, before everything of this one; tells nobody. */
  public void restore(List<Trace> earlier) {
    earlier.forEach(ran::add);
    start = end();
  }

  private void tell(Trace trace) {
    listeners.forEach(listener -> listener.accept(trace));
    lock.lock();
    try {
      if (followers > 0) {
        more.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Hears of every trace, on the thread of the call: it must not block. */
  public void onTrace(Consumer<Trace> listener) {
    listeners.add(listener);
  }

  /** Calls that ran, newest first by their end. */
  public List<Trace> recent(TraceQuery query, int max) {
    return ran.newestFirst(query, max);
  }

  /** Calls that were refused, newest first. */
  public List<Trace> refused(TraceQuery query, int max) {
    return refused.newestFirst(query, max);
  }

  /**
   * Calls of both sorts before a place, newest first by their end.
   *
   * @param place {@link Cursor#END} for the newest
   * @param max at least 1
   */
  public Page before(Cursor place, TraceQuery query, int max) {
    List<Ring.Numbered> some = ran.newestFirst(query, place.ran(), max);
    List<Ring.Numbered> others = refused.newestFirst(query, place.refused(), max);
    var page = new ArrayList<Trace>();
    int i = 0;
    int j = 0;
    while (page.size() < max && (i < some.size() || j < others.size())) {
      boolean first =
          j == others.size()
              || i < some.size()
                  && endMillis(some.get(i).trace()) >= endMillis(others.get(j).trace());
      page.add(first ? some.get(i++).trace() : others.get(j++).trace());
    }
    return new Page(
        List.copyOf(page),
        new Cursor(
            i == 0 ? place.ran() : some.get(i - 1).number(),
            j == 0 ? place.refused() : others.get(j - 1).number()));
  }

  /** The newest call with this id, whether it ran or was refused. */
  public Optional<Trace> find(String callId) {
    return ran.newestFirst(trace -> trace.callId().equals(callId), 1).stream()
        .findFirst()
        .or(() ->
            refused.newestFirst(trace -> trace.callId().equals(callId), 1).stream().findFirst());
  }

  /** The newest call of a function that returned. */
  public Optional<Trace> newestReturned(String function) {
    return ran.newestFirst(trace -> trace.fnName().equals(function) && !trace.failed(), 1).stream()
        .findFirst();
  }

  /** The calls that this call made, oldest first. */
  public List<Trace> children(String callId) {
    return ran.newestFirst(trace -> callId.equals(trace.parentCallId()), RAN_MAX).reversed();
  }

  /** Now: {@link #after} from here tells what is still to come. */
  public Cursor end() {
    return new Cursor(ran.newest(), refused.newest());
  }

  /** The place before the first trace of this start: before it stand those of an earlier one. */
  public Cursor start() {
    return start;
  }

  /** What came after {@code cursor}, at most {@code max} of each sort, without waiting. */
  public Batch after(Cursor cursor, int max) {
    Ring.Missed more = ran.after(cursor.ran(), max);
    Ring.Missed turnedAway = refused.after(cursor.refused(), max);
    return new Batch(
        more.lost() + turnedAway.lost(),
        together(more, turnedAway),
        new Cursor(more.upTo(), turnedAway.upTo()));
  }

  /** By their ends, as far as these can be told from each other. */
  private static List<Placed> together(Ring.Missed ran, Ring.Missed refused) {
    List<Trace> some = ran.traces();
    List<Trace> others = refused.traces();
    var all = new ArrayList<Placed>(some.size() + others.size());
    int i = 0;
    int j = 0;
    while (i < some.size() || j < others.size()) {
      boolean first =
          j == others.size()
              || i < some.size() && endMillis(some.get(i)) <= endMillis(others.get(j));
      Trace trace = first ? some.get(i++) : others.get(j++);
      long left = ran.upTo() - some.size() + i;
      long right = refused.upTo() - others.size() + j;
      all.add(new Placed(trace, new Cursor(left, right)));
    }
    return List.copyOf(all);
  }

  private static double endMillis(Trace trace) {
    return trace.startedAtMillis()
        + trace.queueMillis()
        + trace.durationMillis()
        + trace.commitMillis();
  }

  /** The same as {@link #after}, waiting for the first one until the deadline. */
  public Batch awaitAfter(Cursor cursor, int max, Deadline deadline) throws InterruptedException {
    lock.lock();
    followers++;
    try {
      while (ran.newest() <= cursor.ran()
          && refused.newest() <= cursor.refused()
          && !deadline.isPast()) {
        more.awaitNanos(deadline.remainingNanos());
      }
    } finally {
      followers--;
      lock.unlock();
    }
    return after(cursor, max);
  }

  /** Calls, failures and percentiles of each function, over what the ring holds. */
  public Map<String, Stats> stats() {
    var durations = new LinkedHashMap<String, List<Double>>();
    var errors = new LinkedHashMap<String, Integer>();
    for (Trace trace : recent(TraceQuery.ALL, RAN_MAX)) {
      durations.computeIfAbsent(trace.fnName(), _ -> new ArrayList<>()).add(trace.durationMillis());
      errors.merge(trace.fnName(), trace.failed() ? 1 : 0, Integer::sum);
    }
    var stats = new LinkedHashMap<String, Stats>();
    durations.forEach((name, values) -> {
      values.sort(null);
      int failed = errors.getOrDefault(name, 0);
      stats.put(name, new Stats(values.size(), failed, at(values, 0.50), at(values, 0.95)));
    });
    return stats;
  }

  private static double at(List<Double> sorted, double share) {
    return sorted.get((int) Math.min(sorted.size() - 1, Math.ceil(share * sorted.size()) - 1));
  }

  /** Durations in milliseconds. */
  public record Stats(int calls, int errors, double p50Millis, double p95Millis) {}
}
