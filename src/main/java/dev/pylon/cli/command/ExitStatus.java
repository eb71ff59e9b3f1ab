package dev.pylon.cli.command;

import java.util.Set;

/** How a command ended, as the shell sees it (command line contract, 13). */
public enum ExitStatus {
  OK(0, "success"),
  FAILED(1, "the work failed: a handler's error, a broken build, a failed check"),
  USAGE(64, "bad command line, unknown function, arguments refused locally"),
  DATA(65, "arguments refused by the server, malformed JSON in an argument or file"),
  NO_INPUT(66, "an input file is missing or cannot be read"),
  UNAVAILABLE(69, "no server answers, or it has no functions"),
  INTERNAL(70, "a mistake of pylon itself"),
  TEMPORARY(75, "try again: rate limit, timeout, overload, conflict, a runtime that died"),
  NO_PERMISSION(77, "credentials are missing or were refused"),
  INTERRUPTED(130, "ended by Ctrl-C"),
  TERMINATED(143, "ended by SIGTERM");

  private static final Set<String> TEMPORARY_CODES =
      Set.of("RATE_LIMITED", "FN_TIMEOUT", "FN_OVERLOADED", "TX_CONFLICT");

  private final int code;
  private final String meaning;

  ExitStatus(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  public int code() {
    return code;
  }

  /** One line for {@code pylon help exit-codes}. */
  public String meaning() {
    return meaning;
  }

  /**
   * The status for an error a server answered. The HTTP status says who failed, so an author's own
   * {@code FN_TIMEOUT}, sent with 400, stays an ordinary failure.
   */
  public static ExitStatus of(String code, int httpStatus) {
    if (httpStatus == 401 || httpStatus == 403) {
      return NO_PERMISSION;
    }
    if (httpStatus == 400) {
      return code.equals("INVALID_ARGS") || code.equals("INVALID_JSON") ? DATA : FAILED;
    }
    if (TEMPORARY_CODES.contains(code) || code.startsWith("RUNNER_") || httpStatus == 429) {
      return TEMPORARY;
    }
    if (code.equals("FN_NOT_FOUND")) {
      return USAGE;
    }
    return httpStatus == 503 ? UNAVAILABLE : FAILED;
  }
}
