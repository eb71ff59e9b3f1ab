package dev.pylon.cli.console;

import dev.pylon.boot.DevEvent;
import dev.pylon.cli.console.ShownLine.Look;
import dev.pylon.trace.Trace;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes one line of calls that are alike and follow each other: a page that asks every second must
 * not push out what matters. Confined to the thread that shows events.
 */
public final class Repeats {
  private @Nullable Alike last;
  private int count;

  /** What calls have in common that become one line. */
  private record Alike(String function, @Nullable String user, @Nullable String tenant) {}

  /**
   * What to write over the line before, where {@code event} is like the one that line is about.
   *
   * @param lines of the event
   */
  public Optional<ShownLine> of(DevEvent event, List<ShownLine> lines) {
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    Alike now = lines.size() == 1 ? alike(event) : null;
    if (now != null && Objects.equals(now, last)) {
      count++;
      return Optional.of(lines.getFirst().then(Look.DIM, "  ×" + count));
    }
    forget();
    last = now;
    return Optional.empty();
  }

  /** Something else stands on the screen now. */
  public void forget() {
    last = null;
    count = 1;
  }

  private static @Nullable Alike alike(DevEvent event) {
    return event instanceof DevEvent.Called(Trace trace) && !trace.failed()
        ? new Alike(trace.fnName(), trace.userId(), trace.tenantId())
        : null;
  }
}
