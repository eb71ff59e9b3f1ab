package dev.pylon.cli.dev;

import dev.pylon.boot.DevEvent;
import dev.pylon.boot.DevServer;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.console.Signals;
import dev.pylon.trace.Trace;

/** How a developer sees {@code pylon dev}: lines in a pipe, or a console with keys. */
interface DevView extends AutoCloseable {

  /** Shows {@code event}; a reader who went away is told by {@link Output.Closed}. */
  void show(DevEvent event);

  /** Whether a call is to be told as an event. */
  boolean wants(Trace trace);

  /** Serves the user until it is time to end. */
  Signals.Ending await(DevServer server, Signals signals) throws InterruptedException;

  @Override
  void close();
}
