package dev.pylon.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What one way of asking costs more than another, on a machine whose speed goes up and down: short
 * blocks of calls take turns, so that whatever disturbs one disturbs the next as well, and
 * processor time is read from the kernel in nanoseconds.
 *
 * <p>{@code Alternate CONNECTIONS ROUNDS CALLS PATH BODY (NAME PORT PID HEADER)…}: in each round
 * every way has a block of so many calls. Each way is compared with the first one, round by round.
 */
final class Alternate {
  /** Rounds that only warm up. */
  private static final double WARM_UP = 0.25;

  private static final long PATIENCE_MILLIS = 30_000;

  private final List<Way> ways;
  private final int connections;
  private final int calls;

  private Alternate(List<Way> ways, int connections, int calls) {
    this.ways = ways;
    this.connections = connections;
    this.calls = calls;
  }

  public static void main(String[] args) throws IOException {
    var ways = new ArrayList<Way>();
    for (int i = 5; i + 3 < args.length; i += 4) {
      ways.add(
          new Way(
              args[i],
              Integer.parseInt(args[i + 1]),
              Long.parseLong(args[i + 2]),
              request(args[3], args[4], args[i + 3])));
    }
    var bench = new Alternate(ways, Integer.parseInt(args[0]), Integer.parseInt(args[2]));
    bench.run(Integer.parseInt(args[1]));
  }

  private static byte[] request(String path, String body, String header) {
    String line = header.isEmpty() ? "" : header + "\r\n";
    return "POST %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %d\r\n\r\n%s"
        .formatted(path, line, body.length(), body)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** One way of asking, and what its blocks took: microseconds of processor and of time a call. */
  private static final class Way {
    private final String name;
    private final int port;
    private final long pid;
    private final ByteBuffer request;
    private final List<Double> processor = new ArrayList<>();
    private final List<Double> time = new ArrayList<>();

    Way(String name, int port, long pid, byte[] request) {
      this.name = name;
      this.port = port;
      this.pid = pid;
      this.request = ByteBuffer.wrap(request);
    }
  }

  private void run(int rounds) throws IOException {
    for (int round = 0; round < rounds; round++) {
      boolean counts = round >= rounds * WARM_UP;
      for (Way way : round % 2 == 0 ? ways : ways.reversed()) {
        block(way, counts);
      }
    }
    Way first = ways.getFirst();
    for (Way way : ways) {
      System.out.printf(
          "%-10s processor %6.2f us a call%s   time %6.2f us a call%s%n",
          way.name,
          median(way.processor),
          way == first ? "" : more(way.processor, first.processor),
          median(way.time),
          way == first ? "" : more(way.time, first.time));
    }
  }

  /** The median of the differences of each round, with what half of them lie between. */
  private static String more(List<Double> these, List<Double> those) {
    var more = new ArrayList<Double>();
    for (int i = 0; i < these.size(); i++) {
      more.add(these.get(i) - those.get(i));
    }
    double[] sorted = sorted(more);
    return " (%+.2f, %+.1f %%; half of the rounds %+.2f to %+.2f)"
        .formatted(
            median(more),
            100 * median(more) / median(those),
            sorted[sorted.length / 4],
            sorted[3 * sorted.length / 4]);
  }

  private static double median(List<Double> values) {
    return sorted(values)[values.size() / 2];
  }

  private static double[] sorted(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  private void block(Way way, boolean counts) throws IOException {
    try (var selector = Selector.open()) {
      var open = new ArrayList<SocketChannel>();
      for (int i = 0; i < connections; i++) {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", way.port));
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(64 * 1024));
        open.add(channel);
      }
      // What it takes to connect is no part of a call.
      exchange(way, selector, open, connections);
      long cpu = processorNanos(way.pid);
      long begin = System.nanoTime();
      exchange(way, selector, open, calls);
      long took = System.nanoTime() - begin;
      if (counts) {
        way.processor.add((processorNanos(way.pid) - cpu) / 1e3 / calls);
        way.time.add(took / 1e3 / calls);
      }
      for (SocketChannel channel : open) {
        channel.close();
      }
    }
  }

  /** Sends so many calls and waits for all of their answers. */
  private static void exchange(
      Way way, Selector selector, List<SocketChannel> open, int calls) throws IOException {
    // Still to be sent, and to be answered.
    int[] left = {calls, calls};
    for (SocketChannel channel : open) {
      send(way, channel, left);
    }
    while (left[1] > 0) {
      int found =
          selector.select(
              key -> {
                try {
                  var channel = (SocketChannel) key.channel();
                  if (isAnswered(channel, (ByteBuffer) key.attachment())) {
                    left[1]--;
                    send(way, channel, left);
                  }
                } catch (IOException e) {
                  throw new UncheckedIOException(way.name, e);
                }
              },
              PATIENCE_MILLIS);
      if (found == 0) {
        throw new IllegalStateException(way.name + " is not answered");
      }
    }
  }

  private static void send(Way way, SocketChannel channel, int[] left) throws IOException {
    if (left[0] > 0) {
      left[0]--;
      channel.write(way.request.duplicate());
    }
  }

  private static boolean isAnswered(SocketChannel channel, ByteBuffer in) throws IOException {
    if (channel.read(in) < 0) {
      throw new IOException("the server closed a connection");
    }
    int body = Load.headEnd(in.array(), in.position());
    if (body < 0 || in.position() < body + Load.length(in.array(), Load.lengthAt(in.array()))) {
      return false;
    }
    if (in.get(9) != '2') {
      throw new IOException(new String(in.array(), 0, in.position(), StandardCharsets.UTF_8));
    }
    in.clear();
    return true;
  }

  /** What the threads of a process and of its children have computed so far. */
  private static long processorNanos(long pid) throws IOException {
    long nanos = threadsOf(pid);
    for (ProcessHandle child : ProcessHandle.of(pid).orElseThrow().descendants().toList()) {
      nanos += threadsOf(child.pid());
    }
    return nanos;
  }

  private static long threadsOf(long pid) throws IOException {
    long nanos = 0;
    try (Stream<Path> threads = Files.list(Path.of("/proc", String.valueOf(pid), "task"))) {
      for (Path thread : threads.toList()) {
        nanos += nanosOf(thread.resolve("schedstat"));
      }
    }
    return nanos;
  }

  private static long nanosOf(Path schedstat) throws IOException {
    try {
      return Long.parseLong(Files.readString(schedstat).split(" ")[0]);
    } catch (NoSuchFileException e) {
      return 0; // ended meanwhile
    }
  }
}
