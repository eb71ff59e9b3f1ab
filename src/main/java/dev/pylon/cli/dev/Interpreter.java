package dev.pylon.cli.dev;

import dev.pylon.config.Environment;
import java.io.OutputStream;
import java.util.List;

/** Runs a command line within another command, as the prompt of {@code pylon dev} does. */
@FunctionalInterface
public interface Interpreter {

  /**
   * Runs {@code args} to its end; never throws.
   *
   * @param said where both answer and errors go; there is nothing on standard input
   */
  void run(Environment environment, List<String> args, OutputStream said);
}
