package dev.pylon.cli.traces;

import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.remote.HttpReply;
import dev.pylon.cli.remote.Remote;
import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where traces come from: a running server, or the file a server that has ended left behind. */
final class TraceSource {
  /** The most a server gives at once (functions contract, 13.2). */
  private static final int PAGE_MAX = 500;

  /**
   * The file holds 10,000 traces; this many are more than anybody reads and still fit in memory.
   */
  private static final int KEPT_MAX = 10_000;

  private static final Path FILE = Path.of(".pylon", "traces.ndjson");

  private TraceSource() {}

  /** Traces that pass the filter, oldest first, and where the server's stream of them stands. */
  record Page(List<Trace> traces, Optional<String> cursor) {}

  /**
   * The newest {@code limit} traces of a server.
   *
   * @param limit 0 for all it holds
   */
  static Page ofServer(Remote remote, TraceFilter filter, int limit) {
    int wanted = limit == 0 ? KEPT_MAX : Math.min(limit, KEPT_MAX);
    int asked = filter.isForServer() ? Math.min(wanted, PAGE_MAX) : PAGE_MAX;
    String question = "/api/fn/traces?" + filter.query(asked);
    var newestFirst = new ArrayList<Trace>();
    Optional<String> cursor = Optional.empty();
    Optional<String> before = Optional.empty();
    do {
      HttpReply reply =
          remote.getAsAdmin(question + before.map(place -> "&before=" + place).orElse(""));
      byte[] body = remote.bytes(reply);
      if (reply.status() != 200) {
        throw remote.refused(reply, body);
      }
      take(body, filter, wanted, newestFirst);
      cursor = cursor.or(() -> reply.header("x-pylon-cursor"));
      before = reply.header("x-pylon-before"); // where there is more
    } while (before.isPresent() && newestFirst.size() < wanted);
    return new Page(newestFirst.reversed(), cursor);
  }

  private static void take(byte[] page, TraceFilter filter, int wanted, List<Trace> newestFirst) {
    if (!(Json.parse(page) instanceof List<?> list)) {
      return;
    }
    for (Object item : list) {
      if (item instanceof Map<?, ?> map && newestFirst.size() < wanted) {
        var trace = new Trace(Json.asObject(map));
        if (filter.accepts(trace)) {
          newestFirst.add(trace);
        }
      }
    }
  }

  /** The file of the nearest project, if a server left one. */
  static Optional<Path> file(Path directory) {
    for (Path place = directory; place != null; place = place.getParent()) {
      Path file = place.resolve(FILE);
      if (Files.isReadable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /** The newest {@code limit} traces of {@code file} that pass the filter, oldest first. */
  static List<Trace> ofFile(Path file, TraceFilter filter, int limit) {
    int kept = limit == 0 ? KEPT_MAX : limit;
    var newest = new ArrayDeque<Trace>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        parse(line)
            .filter(filter::accepts)
            .ifPresent(trace -> {
              newest.add(trace);
              if (newest.size() > kept) {
                newest.remove();
              }
            });
      }
    } catch (IOException e) {
      throw new Failure(
          ExitStatus.NO_INPUT,
          "INPUT_UNREADABLE",
          "cannot read " + file + ": " + e.getMessage(),
          null);
    }
    return List.copyOf(newest);
  }

  /** The trace on one line; empty for a line cut short when its writer was killed. */
  private static Optional<Trace> parse(String line) {
    try {
      return Optional.of(new Trace(Json.parseObject(line.getBytes(StandardCharsets.UTF_8))));
    } catch (JsonException e) {
      return Optional.empty();
    }
  }
}
