package dev.pylon.cli.remote;

import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Input;
import dev.pylon.cli.command.Invocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The bearer tokens a command was given. Never printed.
 *
 * @param typed from {@code --token} or {@code --token-stdin}
 * @param configured from {@code PYLON_TOKEN} or {@code PYLON_ADMIN_TOKEN}
 */
public record Token(Optional<String> typed, Optional<String> configured) {
  /** Tokens are short; whatever is longer is the wrong file. */
  private static final int TOKEN_BYTES_MAX = 16 * 1024;

  /** Those that were given; standard input has its one only once. */
  public static Token of(Invocation invocation) {
    Optional<String> typed =
        invocation.line().has("--token-stdin")
            ? Optional.of(fromStandardInput(invocation))
            : invocation.line().value("--token").map(value -> fromOption(invocation, value));
    return new Token(
        typed,
        invocation
            .environment()
            .variable("PYLON_TOKEN")
            .or(() -> invocation.environment().variable("PYLON_ADMIN_TOKEN")));
  }

  private static String fromStandardInput(Invocation invocation) {
    try {
      byte[] bytes = invocation.input().readNBytes(TOKEN_BYTES_MAX);
      return checked(new String(bytes, StandardCharsets.UTF_8), "standard input");
    } catch (IOException e) {
      throw new Failure(
          ExitStatus.NO_INPUT, "TOKEN_UNREADABLE", "cannot read standard input", e.getMessage());
    }
  }

  private static String fromOption(Invocation invocation, String value) {
    if (value.startsWith("@")) {
      return checked(Input.text(invocation, value.substring(1)), value.substring(1));
    }
    if (invocation.output().options().errTerminal()) {
      invocation
          .output()
          .warning(
              "a token on the command line is seen by \"ps\" and kept in history: --token @FILE");
    }
    return checked(value, "--token");
  }

  private static String checked(String text, String source) {
    String token = text.strip();
    if (token.isEmpty() || token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw new Failure(ExitStatus.DATA, "TOKEN_MALFORMED", "there is no token in " + source, null);
    }
    return token;
  }
}
