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

/**
 * From saving a function to its first new answer, over many edits of a running {@code pylon dev}.
 *
 * <p>{@code Reload URL FUNCTION_FILE EDITS LOADERS}: rewrites the file with a new number each time and
 * asks every millisecond until the answer is that number; meanwhile {@code LOADERS} callers call the
 * same function without pause, and every answer that is not 200 counts as failed.
 */
final class Reload {
  private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final URI url;
  private final Path file;
  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicBoolean over = new AtomicBoolean();

  private Reload(URI url, Path file) {
    this.url = url;
    this.file = file;
  }

  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[1]);
    String name = file.getFileName().toString().replace(".ts", "");
    new Reload(URI.create(args[0] + "/api/fn/" + name), file)
        .run(Integer.parseInt(args[2]), Integer.parseInt(args[3]));
  }

  private void run(int edits, int loaders) throws IOException, InterruptedException {
    var millis = new double[edits];
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < loaders; i++) {
        tasks.execute(this::load);
      }
      for (int edit = 0; edit < edits; edit++) {
        millis[edit] = edit(edit + 1);
        // Editors save every few seconds, not the moment they see the answer.
        LockSupport.parkNanos(Duration.ofMillis(150).toNanos());
      }
      over.set(true);
    }
    Arrays.sort(millis);
    System.out.printf(
        "%d edits, %d callers: save to answer p50 %.0f ms  p95 %.0f ms  max %.0f ms; %,d calls, %d failed%n",
        edits,
        loaders,
        millis[edits / 2],
        millis[(int) (edits * 0.95)],
        millis[edits - 1],
        calls.get(),
        failed.get());
  }

  private double edit(int number) throws IOException, InterruptedException {
    String source =
        """
        import { query } from "@pylonsync/functions";
        export default query({ handler: async () => %d });
        """
            .formatted(number);
    Files.writeString(file, source);
    long saved = System.nanoTime();
    String wanted = Integer.toString(number);
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
    while (!over.get()) {
      try {
        calls.incrementAndGet();
        if (call().statusCode() != 200) {
          failed.incrementAndGet();
        }
        LockSupport.parkNanos(1_000_000);
      } catch (IOException e) {
        failed.incrementAndGet();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private HttpResponse<String> call() throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(url).POST(HttpRequest.BodyPublishers.ofString("{}")).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
