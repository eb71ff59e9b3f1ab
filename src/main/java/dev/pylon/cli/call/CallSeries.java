package dev.pylon.cli.call;

import dev.pylon.cli.command.ExitStatus;
import dev.pylon.cli.command.Failure;
import dev.pylon.cli.command.Invocation;
import dev.pylon.cli.command.Output;
import dev.pylon.cli.remote.HttpReply;
import dev.pylon.cli.remote.Remote;
import dev.pylon.cli.remote.ServerError;
import dev.pylon.cli.text.Durations;
import dev.pylon.cli.text.Style;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * {@code pylon call --repeat N --parallel K}: the same call many times, over connections that stay
 * open, and how long it took. Thread-safe where its connections meet: the counter and the results.
 */
final class CallSeries {
  static final int CALLS_MAX = 1_000_000;
  static final int PARALLEL_MAX = 256;

  private final Invocation invocation;
  private final Remote server;
  private final CallRequest request;
  private final int calls;
  private final int parallel;
  private final AtomicInteger begun = new AtomicInteger();

  /** Of each call, by its number. */
  private final long[] nanos;

  private final Map<String, Integer> failed = new TreeMap<>();

  private CallSeries(
      Invocation invocation, Remote server, CallRequest request, int calls, int parallel) {
    this.invocation = invocation;
    this.server = server;
    this.request = request;
    this.calls = calls;
    this.parallel = parallel;
    this.nanos = new long[calls];
  }

  /** The series the command line asks for. */
  static CallSeries of(Invocation invocation, Remote server, CallRequest request) {
    int calls = bounded(invocation, "--repeat", CALLS_MAX).orElse(1);
    int parallel = bounded(invocation, "--parallel", PARALLEL_MAX).orElse(1);
    return new CallSeries(invocation, server, request, calls, Math.min(parallel, calls));
  }

  private static Optional<Integer> bounded(Invocation invocation, String option, int max) {
    Optional<Integer> number = invocation.line().number(option);
    if (number.isPresent() && (number.get() < 1 || number.get() > max)) {
      throw Failure.usage("%s takes 1 to %,d".formatted(option, max), null);
    }
    return number;
  }

  ExitStatus run() throws InterruptedException {
    if (invocation.output().options().errTerminal()) {
      invocation
          .output()
          .note("calling %s %,d times, %d at once".formatted(request.name(), calls, parallel));
    }
    long start = System.nanoTime();
    try (var connections = Executors.newFixedThreadPool(parallel)) {
      var lines = new ArrayList<Future<?>>();
      for (int i = 0; i < parallel; i++) {
        lines.add(connections.submit(this::callOn));
      }
      for (Future<?> line : lines) {
        ended(line);
      }
    }
    report((System.nanoTime() - start) / 1e9);
    return failed.isEmpty() ? ExitStatus.OK : ExitStatus.FAILED;
  }

  private static void ended(Future<?> line) throws InterruptedException {
    try {
      line.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Failure failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** One connection's share; ends with the series, or with a server that is gone. */
  private void callOn() {
    try (Remote remote = server.again()) {
      for (int i = begun.getAndIncrement(); i < calls; i = begun.getAndIncrement()) {
        long start = System.nanoTime();
        HttpReply reply = request.send(remote, "Accept", "application/json");
        byte[] body = remote.bytes(reply);
        nanos[i] = System.nanoTime() - start;
        if (reply.status() != 200) {
          count(ServerError.parse(reply.status(), body).code());
        }
      }
    } catch (Failure e) {
      begun.set(calls); // the others stop as well
      throw e;
    }
  }

  private synchronized void count(String code) {
    failed.merge(code, 1, Integer::sum);
  }

  private synchronized void report(double seconds) {
    double[] millis = Arrays.stream(nanos).mapToDouble(n -> n / 1e6).sorted().toArray();
    int errors = failed.values().stream().mapToInt(Integer::intValue).sum();
    double rate = calls / Math.max(seconds, 1e-9);
    Output output = invocation.output();
    if (output.isJson()) {
      output.json(json(millis, errors, seconds, rate));
      return;
    }
    boolean ascii = output.style().ascii();
    output.line(
        "%,d calls, %d at once, in %s: %,d a second"
            .formatted(calls, parallel, Durations.text(seconds * 1e3, ascii), Math.round(rate)));
    var cells = new ArrayList<String>();
    percentiles(millis)
        .forEach((name, value) -> cells.add(name + " " + Durations.text(value, ascii)));
    output.line("  " + String.join("   ", cells));
    if (errors > 0) {
      output.line(output.style().red("  %,d failed".formatted(errors)));
      failed.forEach(
          (code, count) -> output.line("    %,6d  %s".formatted(count, Style.clean(code))));
    }
  }

  private Map<String, @Nullable Object> json(
      double[] millis, int errors, double seconds, double rate) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("ok", errors == 0);
    json.put("calls", calls);
    json.put("parallel", parallel);
    json.put("errors", errors);
    json.put("codes", Map.copyOf(failed));
    json.put("seconds", rounded(seconds));
    json.put("calls_per_second", rounded(rate));
    var ms = new LinkedHashMap<String, @Nullable Object>();
    percentiles(millis).forEach((name, value) -> ms.put(name, rounded(value)));
    json.put("ms", ms);
    return json;
  }

  private static Map<String, Double> percentiles(double[] sorted) {
    var percentiles = new LinkedHashMap<String, Double>();
    percentiles.put("min", sorted[0]);
    percentiles.put("p50", at(sorted, 0.50));
    percentiles.put("p95", at(sorted, 0.95));
    percentiles.put("p99", at(sorted, 0.99));
    percentiles.put("max", sorted[sorted.length - 1]);
    return percentiles;
  }

  /** The smallest value that {@code share} of all do not exceed. */
  static double at(double[] sorted, double share) {
    return sorted[Math.max(0, (int) Math.ceil(share * sorted.length) - 1)];
  }

  private static double rounded(double number) {
    return Math.round(number * 1_000) / 1_000.0;
  }
}
