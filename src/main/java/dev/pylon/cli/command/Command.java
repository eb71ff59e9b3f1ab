package dev.pylon.cli.command;

/**
 * One verb of the command line. The register names it, and {@code Main} loads its class only when
 * it was typed, so {@link #describe} and the constructor do nothing but say what may be typed.
 *
 * <p>Syntax is declared by calls and not by annotations: reading annotations costs a short command
 * a fifth of its start-up time.
 */
public interface Command {

  /** Declares summary, examples, options and words. */
  void describe(Syntax syntax);

  /**
   * Does it.
   *
   * @throws Failure to end with a message and a status
   */
  ExitStatus run(Invocation invocation) throws Exception;
}
