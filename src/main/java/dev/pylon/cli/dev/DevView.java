package dev.pylon.cli.dev;

import dev.pylon.boot.DevEvent;
import dev.pylon.boot.DevServer;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.console.Signals;
import dev.pylon.trace.Trace;
import java.util.List;

/** How a developer sees {@code pylon dev}: lines in a pipe, or a console with keys. */
interface DevView extends AutoCloseable {

  /** Shows {@code event}; a reader who went away is told by {@link Output.Closed}. */
  void show(DevEvent event);

  /** Says something between events; on another thread than {@link #show}. */
  void tell(List<String> text);

  /**
   * Shows what an errand came to; on another thread than {@link #show}.
   *
   * @param errand {@code run} or {@code seed}
   * @param said lines for a person, or one JSON document where JSON was asked for
   */
  void answered(String errand, String said);

  /** Whether a call is to be told as an event. */
  boolean wants(Trace trace);

  /** Serves the user until it is time to end. */
  Signals.Ending await(DevServer server, Signals signals) throws InterruptedException;

  @Override
  void close();
}
