package dev.pylon.cli.command;

import dev.pylon.config.Environment;
import java.io.InputStream;
import java.time.InstantSource;

/**
 * One run of a command: what was typed, and what it may look at.
 *
 * @param line what was typed
 * @param output where it answers
 * @param input standard input; read only where the user asked for it with {@code -}
 * @param environment variables and directory, {@code --cwd} already applied
 * @param clock the time of day
 */
public record Invocation(
    Line line, Output output, InputStream input, Environment environment, InstantSource clock) {

  /** The same without conversation. */
  public Invocation silent() {
    return new Invocation(line, output.silent(), input, environment, clock);
  }
}
