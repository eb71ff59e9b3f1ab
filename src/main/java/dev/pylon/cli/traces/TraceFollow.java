package dev.pylon.cli.traces;

import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.remote.HttpReply;
import dev.pylon.cli.remote.Remote;
import dev.pylon.cli.remote.Token;
import dev.pylon.cli.text.Style;
import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * {@code pylon traces --follow}: prints calls as they end (command line contract, 17.4). A lost
 * connection is taken up again where it broke; what was lost in between is said.
 */
final class TraceFollow {
  /** The server says something at least every 15 s; after three times that it is gone. */
  private static final Duration SILENCE_MAX = Duration.ofSeconds(45);

  /** A server that is there answers within this, however near the end of the wait is. */
  private static final Duration SILENCE_MIN = Duration.ofSeconds(1);

  private static final Duration PAUSE_MIN = Duration.ofMillis(200);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(5);

  /** How long a follower waits for a server to come back. */
  private static final Duration WITHOUT_SERVER_MAX = Duration.ofSeconds(60);

  private final Invocation invocation;
  private final Output output;
  private final int shownFirst;
  private final TraceLines lines;
  private Optional<TraceFilter> filter = Optional.empty();
  private Optional<String> cursor = Optional.empty();
  private @Nullable Token token;
  private @Nullable Remote known;
  private boolean waiting;
  private boolean lost;
  private long lastSeenNanos = System.nanoTime();
  private Duration pause = PAUSE_MIN;
  private volatile boolean sawError;

  TraceFollow(Invocation invocation, int shownFirst) {
    this.invocation = invocation;
    this.output = invocation.output();
    this.shownFirst = shownFirst;
    this.lines = TracesCommand.lines(invocation);
  }

  /** How one connection ended. */
  private enum End {
    UNTIL_REACHED,
    LOST
  }

  ExitStatus run() throws InterruptedException {
    boolean failOnErrors = invocation.line().has("--fail-on-errors");
    if (failOnErrors) {
      // Ctrl-C must end with 1 where an error was seen, not with 130.
      Runtime.getRuntime()
          .addShutdownHook(
              Thread.ofPlatform()
                  .unstarted(() -> {
                    if (sawError) {
                      Runtime.getRuntime().halt(ExitStatus.FAILED.code());
                    }
                  }));
    }
    while (true) {
      try (Remote remote = connect()) {
        if (follow(remote) == End.UNTIL_REACHED) {
          return failOnErrors && sawError ? ExitStatus.FAILED : ExitStatus.OK;
        }
        lost = true;
        lastSeenNanos = System.nanoTime();
        output.note(output.errStyle().dim("connection lost, waiting for the server"));
      } catch (Failure e) {
        if (!passes(e)) {
          throw e;
        }
        if (known == null && !waiting) {
          waiting = true;
          output.note(output.errStyle().dim("waiting for a server"));
        }
      }
      if (untilReached()) {
        return failOnErrors && sawError ? ExitStatus.FAILED : ExitStatus.OK;
      }
      pause(pause);
      pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) < 0 ? pause.multipliedBy(2) : PAUSE_MAX;
    }
  }

  /** To the server that was followed before; the first time, to the one the command line means. */
  private Remote connect() {
    if (known != null) {
      return known.again();
    }
    if (token == null) {
      token = Token.of(invocation);
    }
    return Remote.connect(waiting ? invocation.silent() : invocation, token);
  }

  /** Whether a server that is waited for may yet come, or come to itself. */
  private boolean passes(Failure failure) {
    boolean away =
        failure.status() == ExitStatus.UNAVAILABLE || failure.status() == ExitStatus.TEMPORARY;
    boolean waits = invocation.line().has("--wait");
    return away && (waits || known != null && !isOverdue());
  }

  private boolean isOverdue() {
    return System.nanoTime() - lastSeenNanos > WITHOUT_SERVER_MAX.toNanos();
  }

  private static void pause(Duration pause) throws InterruptedException {
    long end = System.nanoTime() + pause.toNanos();
    for (long left = pause.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
  }

  private boolean untilReached() {
    return until().map(until -> !invocation.clock().instant().isBefore(until)).orElse(false);
  }

  private Optional<Instant> until() {
    return filter.flatMap(TraceFilter::until);
  }

  /** How long to listen for the next line. */
  private Duration silenceMax() {
    Instant now = invocation.clock().instant();
    return until()
        .map(until -> Duration.between(now, until))
        .filter(left -> left.compareTo(SILENCE_MAX) < 0)
        .map(left -> left.compareTo(SILENCE_MIN) > 0 ? left : SILENCE_MIN)
        .orElse(SILENCE_MAX);
  }

  private End follow(Remote remote) {
    if (known == null) {
      meet(remote);
    }
    String path = "/api/fn/traces?follow=1" + cursor.map(at -> "&cursor=" + at).orElse("");
    HttpReply reply = remote.getAsAdmin(path, silenceMax());
    if (reply.status() != 200) {
      throw remote.refused(reply, remote.bytes(reply));
    }
    stands(reply);
    var records =
        new BufferedReader(new InputStreamReader(reply.body(), StandardCharsets.UTF_8), 1_024);
    try {
      for (String record = records.readLine(); record != null; record = records.readLine()) {
        take(record);
        if (untilReached()) {
          return End.UNTIL_REACHED;
        }
      }
    } catch (SocketTimeoutException e) {
      return untilReached() ? End.UNTIL_REACHED : End.LOST;
    } catch (IOException e) {
      output.detail("lost: " + e.getMessage());
    }
    return End.LOST;
  }

  /** Shows the newest calls before those to come. */
  private void meet(Remote remote) {
    TraceFilter wanted = TracesCommand.filter(invocation, remote.devFile());
    filter = Optional.of(wanted);
    TraceSource.Page page = TraceSource.ofServer(remote, wanted, Math.max(1, shownFirst));
    page.traces().stream().skip(shownFirst == 0 ? page.traces().size() : 0).forEach(this::print);
    output.flush();
    cursor = page.cursor();
    known = remote;
  }

  /**
   * Calls are on their way. Where the cursor was one of a server that has ended, the one after it
   * tells all it has seen itself.
   */
  private void stands(HttpReply reply) {
    reply.header("x-pylon-cursor").ifPresent(at -> cursor = Optional.of(at));
    pause = PAUSE_MIN;
    if (lost) {
      lost = false;
      output.note(output.errStyle().dim("connected again"));
    }
  }

  private void take(String record) {
    if (record.isBlank()) {
      return;
    }
    Map<String, @Nullable Object> json;
    try {
      json = Json.parseObject(record.getBytes(StandardCharsets.UTF_8));
    } catch (JsonException e) {
      output.detail("not a trace: " + Style.clean(record));
      return;
    }
    if (json.get("cursor") != null) {
      cursor = Optional.of(String.valueOf(json.get("cursor")));
    }
    if (json.get("type") instanceof String type) {
      if (type.equals("gap")) {
        gap(json);
      }
    } else {
      var trace = new Trace(json);
      if (filter.map(wanted -> wanted.accepts(trace)).orElse(true)) {
        print(trace);
      }
    }
    output.flush();
  }

  private void gap(Map<String, @Nullable Object> json) {
    if (output.isJson()) {
      output.json(json);
    } else {
      output.note(
          output.errStyle().dim(json.get("lost") + " calls came too fast and are not shown"));
    }
  }

  private void print(Trace trace) {
    sawError |= !trace.isOk();
    if (output.isJson() || invocation.line().has("--ndjson")) {
      output.json(trace.json());
      return;
    }
    if (invocation.line().has("--waterfall")) {
      Waterfall.of(trace, lines.heading(trace), output.style(), output.options().columns())
          .forEach(output::line);
      return;
    }
    output.line(lines.line(trace, trace.parentCallId().isPresent() ? 1 : 0));
    lines
        .below(trace, invocation.line().has("--logs"), invocation.line().has("--values"))
        .forEach(output::line);
  }
}
