package dev.pylon.cli.call;

import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.remote.HttpReply;
import dev.pylon.cli.remote.Remote;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code pylon call --watch}: the call again whenever the server has loaded other code, or the user
 * presses Enter. Ends with Ctrl-C, or when the server stays away.
 */
final class CallWatch {
  /** How long a new answer may be out of date. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(150);

  private static final Duration WITHOUT_SERVER_MAX = Duration.ofSeconds(60);

  private final Invocation invocation;
  private final Remote server;
  private long seenAtNanos = System.nanoTime();

  /**
   * @param server whose code is watched; its connection may be closed
   */
  CallWatch(Invocation invocation, Remote server) {
    this.invocation = invocation;
    this.server = server;
  }

  /** Does {@code call} now and again; a failure of it is shown, and the watch goes on. */
  ExitStatus run(Callable<ExitStatus> call) throws Exception {
    Output output = invocation.output();
    while (true) {
      Optional<String> before = revision();
      try {
        call.call();
      } catch (Failure e) {
        output.failure(e.status(), e.code(), e.message(), e.hint().orElse(null));
      }
      output.flush();
      output.note(output.errStyle().dim("waiting for a change" + (typed() ? ", or Enter" : "")));
      while (!changed(before)) {
        pause();
      }
    }
  }

  private boolean changed(Optional<String> before) throws IOException {
    if (typed() && invocation.input().available() > 0) {
      invocation.input().skip(invocation.input().available());
      return true;
    }
    Optional<String> now = revision();
    return now.isPresent() && !now.equals(before);
  }

  private boolean typed() {
    return invocation.environment().property("pylon.terminal").orElse("").contains("i");
  }

  /** What the server runs: which start of it, and which load of the code. */
  private Optional<String> revision() {
    try (Remote remote = server.again()) {
      HttpReply health = remote.get("/health");
      remote.bytes(health);
      seenAtNanos = System.nanoTime();
      return health
          .header("x-pylon-instance")
          .map(instance -> instance + " " + health.header("x-pylon-revision").orElse(""));
    } catch (Failure e) {
      if (System.nanoTime() - seenAtNanos > WITHOUT_SERVER_MAX.toNanos()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static void pause() throws InterruptedException {
    long end = System.nanoTime() + LOOK_EVERY.toNanos();
    for (long left = LOOK_EVERY.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }
}
