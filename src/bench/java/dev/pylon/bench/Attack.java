package dev.pylon.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * What whoever asks for {@code /health} notices of an attack: {@code Attack PORT PID IDLE SLOW
 * RATE BASELINE ROUNDS}. The overload comes again as many times, to see the memory level off. Every question is asked on a connection of its own, as a load balancer may, and
 * the same is asked of a bare server on port BASELINE in turn: what both notice is the machine.
 */
public final class Attack {
  private static final int QUESTIONS = 500;
  private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
  private static final int OVERLOAD_SECONDS = 6;

  private final int port;
  private final long pid;
  private final int baseline;

  private Attack(int port, long pid, int baseline) {
    this.port = port;
    this.pid = pid;
    this.baseline = baseline;
  }

  /** Milliseconds of each question, sorted. */
  private record Asked(double[] ours, double[] bare) {}

  public static void main(String[] args) throws Exception {
    var attack = new Attack(Integer.parseInt(args[0]), Long.parseLong(args[1]), Integer.parseInt(args[5]));
    int idle = Integer.parseInt(args[2]);
    int slow = Integer.parseInt(args[3]);
    attack.tell("quiet", attack.health());
    var held = new ArrayList<Socket>();
    for (int i = 0; i < idle; i++) {
      held.add(attack.connect());
    }
    attack.tell(idle + " idle connections", attack.health());
    attack.slowHeads(slow);
    for (Socket socket : held) {
      socket.close();
    }
    attack.tell("when they are gone", attack.health());
    for (int round = Integer.parseInt(args[6]); round > 0; round--) {
      attack.overload(Integer.parseInt(args[4]));
    }
    System.exit(0);
  }

  private Socket connect() throws IOException {
    return connect(port);
  }

  private static Socket connect(int port) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(30_000);
    return socket;
  }

  // ---- whoever asks ----

  private Asked health() throws IOException {
    var asked = new Asked(new double[QUESTIONS], new double[QUESTIONS]);
    for (int i = 0; i < QUESTIONS; i++) {
      asked.ours()[i] = millis(port, "GET", "/health");
      asked.bare()[i] = millis(baseline, "POST", "/");
      LockSupport.parkNanos(BETWEEN_NANOS);
    }
    Arrays.sort(asked.ours());
    Arrays.sort(asked.bare());
    return asked;
  }

  private static double millis(int port, String method, String path) throws IOException {
    long began = System.nanoTime();
    try (Socket socket = connect(port)) {
      if (ask(socket, method, path) != 200) {
        throw new IOException("not well");
      }
    }
    return (System.nanoTime() - began) / 1e6;
  }

  private static int ask(Socket socket, String method, String path) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(
        "%s %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}"
            .formatted(method, path)
            .getBytes(StandardCharsets.US_ASCII));
    // Byte by byte from the socket the driver would be what is measured.
    InputStream in = new BufferedInputStream(socket.getInputStream());
    int status = Integer.parseInt(line(in).split(" ")[1]);
    int length = 0;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    in.readNBytes(length);
    return status;
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("closed");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private void tell(String what, Asked asked) throws IOException {
    System.out.printf(
        Locale.ROOT,
        "%-28s health p50 %6.1f  p99 %6.1f   bare p50 %6.1f  p99 %6.1f ms   server %4d MB%n",
        what,
        asked.ours()[QUESTIONS / 2],
        asked.ours()[QUESTIONS * 99 / 100],
        asked.bare()[QUESTIONS / 2],
        asked.bare()[QUESTIONS * 99 / 100],
        memory());
  }

  private long memory() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
      }
    }
    return -1;
  }

  // ---- heads letter by letter ----

  private void slowHeads(int count) throws Exception {
    var over = new AtomicBoolean();
    var ended = new AtomicInteger();
    var ready = new CountDownLatch(count);
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        clients.submit(
            () -> {
              while (!over.get()) {
                try (Socket socket = connect()) {
                  socket.getOutputStream().write("GET /health HTTP/1.1\r\nX-Slow: ".getBytes());
                  ready.countDown();
                  while (!over.get()) {
                    socket.getOutputStream().write('a');
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
                  }
                } catch (IOException e) {
                  ended.incrementAndGet();
                }
              }
              return null;
            });
      }
      ready.await(60, TimeUnit.SECONDS);
      tell(count + " slow heads beside them", health());
      tell("the same, later", health());
      tell("the same, later still", health());
      over.set(true);
    }
    System.out.printf("%-28s %d connections were ended by the server%n", "", ended.get());
  }

  // ---- more than can be answered ----

  /** Sends {@code rate} calls a second, whatever becomes of those before. */
  private void overload(int rate) throws Exception {
    Queue<double[]> answers = new ConcurrentLinkedQueue<>();
    Queue<Socket> free = new ConcurrentLinkedQueue<>();
    var failed = new AtomicInteger();
    Asked health;
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var asking = Executors.newSingleThreadExecutor();
      var asked = asking.submit(this::health);
      long began = System.nanoTime();
      for (int i = 0; i < rate * OVERLOAD_SECONDS; i++) {
        long due = began + i * 1_000_000_000L / rate;
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        clients.submit(
            () -> {
              long start = System.nanoTime();
              try {
                Socket taken = free.poll();
                Socket socket = taken == null ? connect() : taken;
                int status = ask(socket, "POST", "/api/fn/wait");
                answers.add(new double[] {status, (System.nanoTime() - start) / 1e6});
                if (status == 200) {
                  free.add(socket);
                } else {
                  socket.close();
                }
              } catch (IOException e) {
                failed.incrementAndGet();
              }
              return null;
            });
      }
      health = asked.get();
      asking.shutdown();
    }
    long end = System.nanoTime();
    for (int status : new int[] {200, 429, 503}) {
      List<Double> millis =
          answers.stream().filter(a -> a[0] == status).map(a -> a[1]).sorted().toList();
      if (!millis.isEmpty()) {
        System.out.printf(
            Locale.ROOT,
            "%-28s %d: %6d  p50 %6.1f  p99 %6.1f ms%n",
            rate + " calls/s for " + OVERLOAD_SECONDS + " s",
            status,
            millis.size(),
            millis.get(millis.size() / 2),
            millis.get(millis.size() * 99 / 100));
      }
    }
    System.out.printf("%-28s no answer: %d%n", "", failed.get());
    tell("meanwhile", health);
    recovery(end);
  }

  /** Until ten calls in a row are answered in their usual time. */
  private void recovery(long endNanos) throws IOException {
    int good = 0;
    while (good < 10) {
      long start = System.nanoTime();
      try (Socket socket = connect()) {
        int status = ask(socket, "POST", "/api/fn/noop");
        good = status == 200 && System.nanoTime() - start < 20_000_000 ? good + 1 : 0;
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%-28s usual answers again %.0f ms after the last one%n",
        "",
        (System.nanoTime() - endNanos) / 1e6);
  }
}
