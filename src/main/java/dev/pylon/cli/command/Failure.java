package dev.pylon.cli.command;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A command cannot do what it was asked. {@code Main} prints it, as a line or as a JSON object, and
 * exits with its status.
 */
public final class Failure extends RuntimeException {
  private final ExitStatus status;
  private final String code;
  private final @Nullable String hint;

  /**
   * @param code in upper snake case, stable: scripts branch on it
   * @param message what was wrong with what
   * @param hint what to try, if there is something to try
   */
  public Failure(ExitStatus status, String code, String message, @Nullable String hint) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.hint = hint;
  }

  /** A bad command line. */
  public static Failure usage(String message, @Nullable String hint) {
    return new Failure(ExitStatus.USAGE, "USAGE", message, hint);
  }

  public ExitStatus status() {
    return status;
  }

  public String code() {
    return code;
  }

  /** What the user reads; never null. */
  public String message() {
    return String.valueOf(getMessage());
  }

  public Optional<String> hint() {
    return Optional.ofNullable(hint);
  }
}
