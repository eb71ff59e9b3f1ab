package dev.pylon.cli.console;

import dev.pylon.trace.Trace;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/** Which calls are shown while {@code pylon dev} runs; keys change it. Thread-safe. */
public final class ShownCalls implements Predicate<Trace> {
  private final AtomicReference<Which> which;

  /** A choice. */
  public enum Which {
    ALL,
    ERRORS,
    NONE;

    /** As the option has it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public ShownCalls(Which which) {
    this.which = new AtomicReference<>(which);
  }

  /** Whether a call is shown. */
  @Override
  public boolean test(Trace trace) {
    return switch (which.get()) {
      case ALL -> true;
      case ERRORS -> trace.failed();
      case NONE -> false;
    };
  }

  public Which which() {
    return which.get();
  }

  /** Shows {@code wish}, or all calls again where that is what is shown already. */
  public Which toggle(Which wish) {
    return which.updateAndGet(now -> now == wish ? Which.ALL : wish);
  }
}
