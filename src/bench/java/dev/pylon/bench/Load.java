package dev.pylon.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A closed-loop HTTP load: each connection sends its next request when it has its answer.
 *
 * <p>{@code Load PORT CONNECTIONS SECONDS PATH [BODY]…} prints one line; several bodies (or {@code
 * PATH BODY} pairs after {@code --mix}) are sent in turn. One thread, one selector, no parsing beyond
 * the status and the length, and that only where an answer is laid out in another way than the one before: little of
 * the machine is to be spent on the driver.
 */
final class Load {
  /** In lower case, which leaves a colon and a space as they are. */
  private static final byte[] LENGTH = "content-length: ".getBytes(StandardCharsets.US_ASCII);

  private final List<byte[]> requests;
  private final long[] micros = new long[20_000_000];
  private int answered;
  private int failed;
  private boolean warm;

  private Load(List<byte[]> requests) {
    this.requests = requests;
  }

  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(args[0]);
    int connections = Integer.parseInt(args[1]);
    double seconds = Double.parseDouble(args[2]);
    List<String> rest = Arrays.asList(args).subList(3, args.length);
    var requests = new ArrayList<byte[]>();
    for (int i = 0; i + 1 < rest.size(); i += 2) {
      requests.add(request(rest.get(i), rest.get(i + 1)));
    }
    var load = new Load(requests);
    load.run(port, connections, Math.min(3, seconds / 2), seconds);
    System.out.println(load.report(seconds));
  }

  private static byte[] request(String path, String body) {
    byte[] text = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            .formatted(path, text.length);
    return (head + body).getBytes(StandardCharsets.UTF_8);
  }

  private final class Connection {
    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(64 * 1024);
    private int next;
    private long sent;

    /** Where the last answer's body began and where its length stood: most are laid out alike. */
    private int lastBody = Integer.MAX_VALUE;

    private int lastLength;

    Connection(SocketChannel channel, int first) {
      this.channel = channel;
      this.next = first;
    }

    void send() throws IOException {
      ByteBuffer out = ByteBuffer.wrap(requests.get(next++ % requests.size()));
      sent = System.nanoTime();
      while (out.hasRemaining()) {
        channel.write(out);
      }
    }

    /** Reads; true where an answer is complete. */
    boolean receive() throws IOException {
      if (channel.read(in) < 0) {
        throw new IOException("the server closed a connection");
      }
      byte[] bytes = in.array();
      int end = in.position();
      if (!isLaidOutAsBefore(bytes, end)) {
        lastBody = headEnd(bytes, end);
        if (lastBody < 0) {
          lastBody = Integer.MAX_VALUE;
          return false;
        }
        lastLength = lengthAt(bytes);
      }
      if (end < lastBody + length(bytes, lastLength)) {
        return false;
      }
      if (warm) {
        micros[answered++] = (System.nanoTime() - sent) / 1_000;
        if (bytes[9] != '2') {
          failed++;
        }
      }
      in.clear();
      return true;
    }

    private boolean isLaidOutAsBefore(byte[] bytes, int end) {
      return end >= lastBody
          && bytes[lastBody - 1] == '\n'
          && bytes[lastBody - 3] == '\n'
          && isLength(bytes, lastLength);
    }
  }

  /** Where the body begins in so many bytes of an answer; -1 where the head is not complete. */
  static int headEnd(byte[] bytes, int end) {
    for (int i = 3; i < end; i++) {
      if (bytes[i] == '\n' && bytes[i - 2] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  /** Where the header with the body's length stands. */
  static int lengthAt(byte[] bytes) {
    int at = 0;
    while (!isLength(bytes, at)) {
      at++;
    }
    return at;
  }

  /** The body's length, from the header that stands there. */
  static int length(byte[] bytes, int at) {
    int length = 0;
    for (int i = at + LENGTH.length; bytes[i] != '\r'; i++) {
      length = 10 * length + bytes[i] - '0';
    }
    return length;
  }

  private static boolean isLength(byte[] bytes, int at) {
    for (int i = 0; i < LENGTH.length; i++) {
      if ((bytes[at + i] | 0x20) != LENGTH[i]) {
        return false;
      }
    }
    return true;
  }

  private void run(int port, int connections, double warmUp, double seconds) throws IOException {
    try (var selector = Selector.open()) {
      for (int i = 0; i < connections; i++) {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        channel.configureBlocking(false);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        var connection = new Connection(channel, i);
        channel.register(selector, SelectionKey.OP_READ, connection);
        connection.send();
      }
      long begin = System.nanoTime();
      long measured = begin + (long) (warmUp * 1e9);
      long end = measured + (long) (seconds * 1e9);
      while (System.nanoTime() < end) {
        warm = warm || System.nanoTime() > measured;
        selector.select(
            key -> {
              var connection = (Connection) key.attachment();
              try {
                if (connection.receive()) {
                  connection.send();
                }
              } catch (IOException e) {
                failed++;
                key.cancel();
              }
            },
            100);
      }
    }
  }

  private String report(double seconds) {
    long[] sorted = Arrays.copyOf(micros, answered);
    Arrays.sort(sorted);
    return "%,d/s  p50 %.2f ms  p95 %.2f ms  p99 %.2f ms  max %.1f ms  failed %d"
        .formatted(
            Math.round(answered / seconds),
            at(sorted, 0.50),
            at(sorted, 0.95),
            at(sorted, 0.99),
            at(sorted, 1),
            failed);
  }

  private static double at(long[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, share * sorted.length)] / 1_000.0;
  }
}
