package dev.pylon.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The newest traces, each with its number; the oldest make room. Guarded by itself. */
final class Ring {
  private final @Nullable Trace[] traces;
  private long added;

  Ring(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("a ring needs room for one trace");
    }
    this.traces = new Trace[capacity];
  }

  /** Numbers count from 1 and never repeat. */
  synchronized long add(Trace trace) {
    traces[(int) (added % traces.length)] = trace;
    return ++added;
  }

  /** The number of the newest trace, 0 where there is none. */
  synchronized long newest() {
    return added;
  }

  /** A trace and its place. */
  record Numbered(long number, Trace trace) {}

  /** Up to {@code max} traces that match, newest first. */
  List<Trace> newestFirst(Predicate<Trace> wanted, int max) {
    return newestFirst(wanted, Long.MAX_VALUE, max).stream().map(Numbered::trace).toList();
  }

  /** Up to {@code max} traces that match, newest first, numbered below {@code before}. */
  synchronized List<Numbered> newestFirst(Predicate<Trace> wanted, long before, int max) {
    var found = new ArrayList<Numbered>();
    long oldest = Math.max(0, added - traces.length);
    for (long i = Math.min(added, before - 1); i > oldest && found.size() < max; i--) {
      Trace trace = at(i);
      if (wanted.test(trace)) {
        found.add(new Numbered(i, trace));
      }
    }
    return found;
  }

  /** What came after a number, oldest first, and how many of them are gone already. */
  synchronized Missed after(long number, int max) {
    long oldest = Math.max(0, added - traces.length);
    long lost = Math.max(0, oldest - number);
    var found = new ArrayList<Trace>();
    long next = Math.max(number, oldest);
    while (next < added && found.size() < max) {
      found.add(at(++next));
    }
    return new Missed(lost, List.copyOf(found), next);
  }

  private Trace at(long number) {
    Trace trace = traces[(int) ((number - 1) % traces.length)];
    if (trace == null) {
      throw new IllegalStateException("no trace with number " + number);
    }
    return trace;
  }

  /**
   * @param lost traces that the ring no longer holds
   * @param upTo the number of the last one in {@code traces}
   */
  record Missed(long lost, List<Trace> traces, long upTo) {}
}
