package dev.pylon.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * From saving a module to its first new answer, over many edits of a running {@code pylon dev}.
 *
 * <p>{@code Reload URL FILE EDITS LOADERS}: rewrites FILE, a module that exports {@code VERSION}, with a
 * new number each time and calls the action {@code versions} every millisecond until it answers that
 * number. The action answers {@code [its VERSION, that of a query it ran, that of another one it ran a
 * little later]}. Meanwhile {@code LOADERS} callers call it without pause: an answer that is not 200
 * failed, one of several numbers is mixed, and one older than what the same caller has had before went
 * back.
 */
final class Reload {
  private static final Pattern ANSWER = Pattern.compile("\\[(\\d+),(\\d+),(\\d+)]");

  private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI url;
  private final Path file;
  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong mixed = new AtomicLong();
  private final AtomicLong wentBack = new AtomicLong();
  private final AtomicBoolean over = new AtomicBoolean();

  private Reload(URI url, Path file) {
    this.url = url;
    this.file = file;
  }

  public static void main(String[] args) throws Exception {
    new Reload(URI.create(args[0] + "/api/fn/versions"), Path.of(args[1]))
        .run(Integer.parseInt(args[2]), Integer.parseInt(args[3]));
  }

  private void run(int edits, int loaders) throws IOException, InterruptedException {
    var millis = new double[edits];
    int version = Integer.parseInt(Files.readString(file).replaceAll("\\D", ""));
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < loaders; i++) {
        tasks.execute(this::load);
      }
      for (int edit = 0; edit < edits; edit++) {
        millis[edit] = edit(++version);
        // Editors save every few seconds, not the moment they see the answer.
        LockSupport.parkNanos(Duration.ofMillis(150).toNanos());
      }
      over.set(true);
    }
    Arrays.sort(millis);
    System.out.printf(
        "%d edits, %d callers: save to answer p50 %.0f ms  p95 %.0f ms  max %.0f ms; %,d calls, %d failed, %d mixed, %d went back%n",
        edits,
        loaders,
        millis[edits / 2],
        millis[(int) (edits * 0.95)],
        millis[edits - 1],
        calls.get(),
        failed.get(),
        mixed.get(),
        wentBack.get());
  }

  private double edit(int number) throws IOException, InterruptedException {
    Files.writeString(file, "export const VERSION = %d;\n".formatted(number));
    long saved = System.nanoTime();
    String wanted = "[%1$d,%1$d,%1$d]".formatted(number);
    while (true) {
      HttpResponse<String> answer = call();
      if (answer.statusCode() == 200 && answer.body().equals(wanted)) {
        return (System.nanoTime() - saved) / 1e6;
      }
      if (System.nanoTime() - saved > 10_000_000_000L) {
        throw new IllegalStateException("no new answer within 10 s, last: " + answer.body());
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  private void load() {
    int newest = 0;
    while (!over.get()) {
      try {
        calls.incrementAndGet();
        newest = Math.max(newest, judged(call(), newest));
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

  private HttpResponse<String> call() throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(url).POST(HttpRequest.BodyPublishers.ofString("{}")).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
