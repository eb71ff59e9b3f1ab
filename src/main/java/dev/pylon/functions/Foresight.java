package dev.pylon.functions;

import dev.pylon.functions.protocol.DbOp;
import dev.pylon.json.TextMembers;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Which row a query asks for first, learned from its calls: most begin with the row whose id they
 * were given, or with that of their caller. Sent with the call, it saves the way to the runtime and
 * back. Thread-safe; what threads do to each other's counts makes a guess later or earlier, never
 * wrong.
 */
final class Foresight {
  /** Calls in a row that must have begun alike before the next is expected to. */
  private static final int SURE = 8;

  /** How many more that are after a guess that nobody wanted, and at most. */
  private static final int DOUBT = 8;

  private static final int SURE_MAX = 1_024;

  /** Of the calls of a function that cannot be foreseen, one in so many is looked at. */
  private static final int GLANCE = 64;

  private volatile @Nullable Habit habit;
  private final AtomicInteger alike = new AtomicInteger();
  private final AtomicInteger unlike = new AtomicInteger();
  private volatile int sure = SURE;

  /**
   * Where the first row comes from.
   *
   * @param argument whose value is its id; null where that is the caller's own
   */
  private record Habit(String entity, @Nullable String argument) {
    @Nullable String idIn(FunctionRequest request) {
      return argument == null
          ? request.identity().userId()
          : TextMembers.text(request.args(), argument);
    }
  }

  /** The first question of the call of {@code request}, if the calls before it tell. */
  DbOp.@Nullable Get expected(FunctionRequest request) {
    Habit known = habit;
    if (known == null || alike.get() < sure) {
      return null;
    }
    String id = known.idIn(request);
    return id == null ? null : new DbOp.Get(known.entity(), id);
  }

  /** A call for which nothing was expected has asked {@code first}. */
  void learn(FunctionRequest request, DbOp first) {
    if (unlike.get() >= SURE && unlike.getAndIncrement() % GLANCE != 0) {
      return;
    }
    Habit known = habit;
    if (known != null && first.equals(getBy(known, request))) {
      if (alike.get() < SURE_MAX) {
        alike.incrementAndGet();
      }
      return;
    }
    alike.set(0);
    habit = first instanceof DbOp.Get get ? habitOf(request, get) : null;
    if (habit == null) {
      unlike.incrementAndGet();
    } else {
      unlike.set(0);
    }
  }

  private static DbOp.@Nullable Get getBy(Habit habit, FunctionRequest request) {
    String id = habit.idIn(request);
    return id == null ? null : new DbOp.Get(habit.entity(), id);
  }

  private static @Nullable Habit habitOf(FunctionRequest request, DbOp.Get get) {
    if (get.id().equals(request.identity().userId())) {
      return new Habit(get.entity(), null);
    }
    String argument = TextMembers.nameOf(request.args(), get.id());
    return argument == null ? null : new Habit(get.entity(), argument);
  }

  /** What was expected was asked for. */
  void confirmed() {
    int needed = sure;
    if (needed > SURE) {
      sure = needed - 1;
    }
  }

  /** What was expected was not asked for, or not at once. */
  void mistaken() {
    habit = null;
    alike.set(0);
    sure = Math.min(sure + DOUBT, SURE_MAX);
  }
}
