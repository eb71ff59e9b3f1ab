package dev.pylon.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * {@code pylon dev}, started in one project again and again and ended in every way there is, in the middle
 * of calls or of its start.
 *
 * <p>{@code Kills PYLON PROJECT PORT RUNS SEED}: after each end it waits for two seconds at most until no
 * process of the project is left, the port is free, and there are no temporary files; the next start must
 * answer a call.
 */
final class Kills {
  private static final Duration GONE = Duration.ofSeconds(2);
  private static final Duration UP = Duration.ofSeconds(30);

  /** How it ends. */
  private enum End {
    CTRL_C,
    CTRL_C_TWICE,
    TERM,
    HANGUP,
    KILL,
    /** What shows the terminal is killed, so the terminal is gone. */
    CLOSED_TERMINAL
  }

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
  private final Path pylon;
  private final Path project;
  private final Path temporary;
  private final int port;
  private final Random random;

  private Kills(Path pylon, Path project, int port, long seed) throws IOException {
    this.pylon = pylon;
    this.project = project;
    this.port = port;
    this.random = new Random(seed);
    this.temporary = Files.createDirectories(project.resolveSibling("tmp"));
  }

  public static void main(String[] args) throws Exception {
    new Kills(Path.of(args[0]), Path.of(args[1]), Integer.parseInt(args[2]), Long.parseLong(args[4]))
        .run(Integer.parseInt(args[3]));
  }

  private void run(int runs) throws Exception {
    var byEnd = new TreeMap<End, Integer>();
    var millis = new ArrayList<Double>();
    int atStart = 0;
    int left = 0;
    int failed = 0;
    for (int run = 0; run < runs; run++) {
      End end = End.values()[random.nextInt(End.values().length)];
      byEnd.merge(end, 1, Integer::sum);
      Process process = start(end == End.CLOSED_TERMINAL || random.nextBoolean());
      boolean whileStarting = random.nextInt(5) == 0;
      if (whileStarting) {
        atStart++;
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(1_500)).toNanos());
      } else if (!answers()) {
        failed++;
        System.out.printf("run %d: no answer after a start%n", run);
      } else {
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(200)).toNanos());
      }
      long ended = System.nanoTime();
      end(process, end);
      List<String> rest = left();
      while (!rest.isEmpty() && System.nanoTime() - ended < GONE.toNanos()) {
        LockSupport.parkNanos(5_000_000);
        rest = left();
      }
      millis.add((System.nanoTime() - ended) / 1e6);
      if (!rest.isEmpty()) {
        left++;
        System.out.printf("run %d, %s%s: left %s%n", run, end, whileStarting ? " while starting" : "", rest);
        sweep();
      }
      process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
    }
    millis.sort(null);
    System.out.printf(
        "%d runs %s, %d of them while starting: %d left something after 2 s, %d did not start; gone after p50 %.0f ms  p95 %.0f ms  max %.0f ms%n",
        runs,
        byEnd,
        atStart,
        left,
        failed,
        millis.get(runs / 2),
        millis.get((int) (runs * 0.95)),
        millis.getLast());
  }

  private Process start(boolean onTerminal) throws IOException {
    List<String> words =
        List.of(pylon.toString(), "dev", "--cwd", project.toString(), "--port", "" + port);
    var command = new ArrayList<>(List.of("env", "--default-signal=INT,HUP"));
    if (onTerminal) {
      command.addAll(List.of("script", "-qefc", "exec " + String.join(" ", words), "/dev/null"));
    } else {
      command.addAll(words);
    }
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(project.resolveSibling("kills.log").toFile());
    Map<String, String> variables = builder.environment();
    variables.put("TMPDIR", temporary.toString());
    variables.put("TERM", "xterm");
    variables.remove("CI");
    return builder.start();
  }

  /** Whether a call is answered in time; a slow one is left to run. */
  private boolean answers() throws InterruptedException {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < UP.toNanos()) {
      try {
        if (call("noop").statusCode() == 200) {
          var unused = http.sendAsync(request("slow"), HttpResponse.BodyHandlers.discarding());
          return true;
        }
      } catch (IOException e) {
        // not yet
      }
      LockSupport.parkNanos(10_000_000);
    }
    return false;
  }

  private HttpRequest request(String function) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/api/fn/%s".formatted(port, function)))
        .POST(HttpRequest.BodyPublishers.ofString("{}"))
        .build();
  }

  private HttpResponse<Void> call(String function) throws IOException, InterruptedException {
    return http.send(request(function), HttpResponse.BodyHandlers.discarding());
  }

  private void end(Process process, End end) throws IOException, InterruptedException {
    long pid = server(process);
    switch (end) {
      case CTRL_C -> signal("INT", pid);
      case CTRL_C_TWICE -> {
        signal("INT", pid);
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(100)).toNanos());
        signal("INT", pid);
      }
      case TERM -> signal("TERM", pid);
      case HANGUP -> signal("HUP", pid);
      case KILL -> signal("KILL", pid);
      case CLOSED_TERMINAL -> signal("KILL", process.pid());
    }
  }

  /** The process that was started, or what {@code script} started in its terminal. */
  private static long server(Process process) {
    while (isScript(process) && process.children().findFirst().isEmpty() && process.isAlive()) {
      LockSupport.parkNanos(1_000_000);
    }
    return isScript(process)
        ? process.children().findFirst().map(ProcessHandle::pid).orElse(process.pid())
        : process.pid();
  }

  private static boolean isScript(Process process) {
    return process.info().command().filter(path -> path.endsWith("/script")).isPresent();
  }

  private static void signal(String name, long pid) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, "" + pid).redirectErrorStream(true).start().waitFor();
  }

  /** What is still there of the last run. */
  private List<String> left() throws IOException, InterruptedException {
    var left = new ArrayList<>(processes());
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      left.add("port " + port);
    }
    try (Stream<Path> files = Files.list(temporary)) {
      files.map(Path::toString).forEach(left::add);
    }
    return left;
  }

  private List<String> processes() throws IOException, InterruptedException {
    Process pgrep = new ProcessBuilder("pgrep", "-af", project.toString() + "( |/|$)").start();
    try (InputStream out = pgrep.getInputStream()) {
      String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> !line.contains("bench.Kills") && !line.contains("pgrep"))
          .map(line -> line.length() > 80 ? line.substring(0, 40) + " … " + line.substring(line.length() - 40) : line)
          .toList();
    }
  }

  private void sweep() throws IOException, InterruptedException {
    new ProcessBuilder("pkill", "-9", "-f", project + " --port " + port).start().waitFor();
  }
}
