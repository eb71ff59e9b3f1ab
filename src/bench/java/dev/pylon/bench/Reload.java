package dev.pylon.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * From saving a module to its first new answer, over many edits of a running {@code pylon dev}.
 *
 * <p>{@code Reload URL FILE EDITS LOADERS EVENTS}: rewrites FILE, a module that exports {@code VERSION}, with a
 * new number each time and calls the query {@code version} without pause until it answers that number.
 * Meanwhile {@code LOADERS} callers call the action {@code versions}, which answers {@code [its VERSION,
 * that of a query it ran, that of another one it ran a little later]}: an answer that is not 200 failed, one of several numbers is mixed, and one older than what the same caller has had before went
 * back.
 *
 * <p>The time that is told is told in two parts: until the quiet time after the change was over, and
 * from then to the answer. When that was, the server says in EVENTS, the output of {@code dev --json}:
 * a load that ended at {@code ts} after {@code ms} began when the files had come to rest. That is the
 * moment the line was printed, which on a busy machine is later, or too late for the last edit: an edit
 * whose load cannot be told from its line counts in the whole time only.
 */
final class Reload {
  private static final Pattern ANSWER = Pattern.compile("\\[(\\d+),(\\d+),(\\d+)]");

  private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI query;
  private final URI action;
  private final Path file;
  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong mixed = new AtomicLong();
  private final AtomicLong wentBack = new AtomicLong();
  private static final Pattern LOADED =
      Pattern.compile("\"reason\":\"functions\".*\"ms\":([0-9.]+).*\"ts\":\"([^\"]+)\"");

  private final AtomicBoolean over = new AtomicBoolean();

  private final Path events;

  private Reload(URI server, Path file, Path events) {
    this.query = server.resolve("/api/fn/version");
    this.action = server.resolve("/api/fn/versions");
    this.file = file;
    this.events = events;
  }

  public static void main(String[] args) throws Exception {
    new Reload(URI.create(args[0]), Path.of(args[1]), Path.of(args[4]))
        .run(Integer.parseInt(args[2]), Integer.parseInt(args[3]));
  }

  private void run(int edits, int loaders) throws IOException, InterruptedException {
    var edited = new ArrayList<Edit>();
    int version = Integer.parseInt(Files.readString(file).replaceAll("\\D", ""));
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < loaders; i++) {
        tasks.execute(this::load);
      }
      for (int edit = 0; edit < edits; edit++) {
        edited.add(edit(++version));
        // Editors save every few seconds, not the moment they see the answer.
        LockSupport.parkNanos(Duration.ofMillis(150).toNanos());
      }
      over.set(true);
    }
    System.out.printf(
        "%d edits, %d callers: %,d calls, %d failed, %d mixed, %d went back%n",
        edits, loaders, calls.get(), failed.get(), mixed.get(), wentBack.get());
    print("save to answer", edited.stream().map(edit -> edit.millis(edit.saved)));
    List<Instant> rested = rested();
    List<Parts> parts = edited.stream().flatMap(edit -> edit.parts(rested).stream()).toList();
    if (parts.size() < edited.size()) {
      System.out.printf("in parts for %d of %d edits%n", parts.size(), edited.size());
    }
    if (!parts.isEmpty()) {
      print("  save to rest", parts.stream().map(Parts::toRest));
      print("  rest to answer", parts.stream().map(Parts::toAnswer));
    }
  }

  /** Milliseconds. */
  private record Parts(double toRest, double toAnswer) {}

  private static void print(String what, Stream<Double> unsorted) {
    List<Double> millis = unsorted.sorted().toList();
    System.out.printf(
        "%-16s p50 %.0f ms  p95 %.0f ms  max %.0f ms%n",
        what, millis.get(millis.size() / 2), millis.get((int) (millis.size() * 0.95)), millis.getLast());
  }

  private record Edit(Instant saved, Instant answered) {
    double millis(Instant from) {
      return Duration.between(from, answered).toNanos() / 1e6;
    }

    /** Its time before and after the files had come to rest for the load that led to the answer. */
    Optional<Parts> parts(List<Instant> rested) {
      return rested.stream()
          .filter(rest -> rest.isAfter(saved) && rest.isBefore(answered))
          .reduce((_, last) -> last)
          .map(rest -> new Parts(millis(saved) - millis(rest), millis(rest)));
    }
  }

  private List<Instant> rested() throws IOException {
    var rested = new ArrayList<Instant>();
    for (String line : Files.readAllLines(events)) {
      Matcher loaded = LOADED.matcher(line);
      if (loaded.find()) {
        long nanos = (long) (Double.parseDouble(loaded.group(1)) * 1e6);
        rested.add(Instant.parse(loaded.group(2)).minusNanos(nanos));
      }
    }
    return rested;
  }

  private Edit edit(int number) throws IOException, InterruptedException {
    Files.writeString(file, "export const VERSION = %d;\n".formatted(number));
    Instant saved = Instant.now();
    String wanted = String.valueOf(number);
    while (true) {
      HttpResponse<String> answer = call(query);
      if (answer.statusCode() == 200 && answer.body().equals(wanted)) {
        return new Edit(saved, Instant.now());
      }
      if (saved.plusSeconds(10).isBefore(Instant.now())) {
        throw new IllegalStateException("no new answer within 10 s, last: " + answer.body());
      }
    }
  }

  private void load() {
    int newest = 0;
    while (!over.get()) {
      try {
        calls.incrementAndGet();
        newest = Math.max(newest, judged(call(action), newest));
        LockSupport.parkNanos(1_000_000);
      } catch (IOException e) {
        failed.incrementAndGet();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private int judged(HttpResponse<String> answer, int newest) {
    Matcher versions = ANSWER.matcher(answer.body());
    if (answer.statusCode() != 200 || !versions.matches()) {
      failed.incrementAndGet();
      return 0;
    }
    if (!versions.group(1).equals(versions.group(2)) || !versions.group(1).equals(versions.group(3))) {
      mixed.incrementAndGet();
    }
    int version = Integer.parseInt(versions.group(1));
    if (version < newest) {
      wentBack.incrementAndGet();
    }
    return version;
  }

  private HttpResponse<String> call(URI url) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(url).POST(HttpRequest.BodyPublishers.ofString("{}")).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
