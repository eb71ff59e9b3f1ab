package dev.pylon.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;

/**
 * What the others notice of a hostile handler: somebody calls a harmless query without pause while it
 * does its worst.
 *
 * <p>{@code Hostile PORT TIMES FUNCTION BODY}: how it ended, how soon after its end the query was
 * answered again, the longest time without an answer, and the queries that failed; medians.
 */
final class Hostile {
  private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;

  private Hostile(String port) {
    this.base = "http://127.0.0.1:" + port + "/api/fn/";
  }

  public static void main(String[] args) throws Exception {
    var hostile = new Hostile(args[0]);
    int times = Integer.parseInt(args[1]);
    hostile.run(args[2], args[3]);
    var runs = new ArrayList<Run>();
    for (int i = 0; i < times; i++) {
      runs.add(hostile.run(args[2], args[3]));
    }
    System.out.printf(
        "%-9s %s  answered again %.0f ms after its end (worst %.0f)  longest silence %.0f ms  %d of %d queries failed%n",
        args[2],
        runs.getFirst().status,
        median(runs, Run::recoveryMillis),
        runs.stream().mapToDouble(Run::recoveryMillis).max().orElse(0),
        median(runs, Run::silenceMillis),
        runs.stream().mapToInt(Run::failed).sum(),
        runs.stream().mapToInt(Run::queries).sum());
  }

  private record Run(
      int status, double recoveryMillis, double silenceMillis, int failed, int queries) {}

  private record Probe(long begin, long end, boolean ok) {}

  private Run run(String function, String body) throws Exception {
    var over = new AtomicBoolean();
    try (var tasks = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<Probe>> probing = tasks.submit(() -> probe(over));
      LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
      int status = call(function, body);
      long end = System.nanoTime();
      LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
      over.set(true);
      return judge(status, end, probing.get());
    }
  }

  private static Run judge(int status, long end, List<Probe> probes) {
    long again = Long.MAX_VALUE;
    long last = probes.getFirst().begin;
    long silence = 0;
    int failed = 0;
    for (Probe probe : probes) {
      if (!probe.ok) {
        failed++;
        continue;
      }
      silence = Math.max(silence, probe.end - last);
      last = probe.end;
      if (probe.end > end) {
        again = Math.min(again, probe.end - end);
      }
    }
    return new Run(status, again / 1e6, silence / 1e6, failed, probes.size());
  }

  private List<Probe> probe(AtomicBoolean over) throws InterruptedException {
    var probes = new ArrayList<Probe>();
    while (!over.get()) {
      long begin = System.nanoTime();
      int status = call("quick", "{}");
      if (status != 200) {
        System.out.println("quick answered " + status);
      }
      probes.add(new Probe(begin, System.nanoTime(), status == 200));
      LockSupport.parkNanos(1_000_000);
    }
    return probes;
  }

  /** The status, 0 where the connection broke. */
  private int call(String function, String body) throws InterruptedException {
    String text = body.startsWith("+") ? "{\"text\":\"" + "x".repeat(Integer.parseInt(body.substring(1))) + "\"}" : body;
    var request =
        HttpRequest.newBuilder(URI.create(base + function))
            .timeout(Duration.ofSeconds(40))
            .header("Accept", function.equals("chunks") ? "text/event-stream" : "*/*")
            .POST(HttpRequest.BodyPublishers.ofString(text))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      System.out.println(function + ": " + e);
      return 0;
    }
  }

  private static double median(List<Run> runs, ToDoubleFunction<Run> figure) {
    double[] sorted = runs.stream().mapToDouble(figure).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
