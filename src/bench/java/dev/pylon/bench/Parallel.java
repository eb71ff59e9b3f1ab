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
import java.util.function.ToDoubleFunction;

/**
 * Many requests at the same moment, each on a connection of its own: how long until the first byte of
 * each answer's body, and until its last.
 *
 * <p>{@code Parallel PORT REQUESTS ROUNDS ACCEPT PATH BODY} prints a line for each round but the first
 * two, which warm up, and then the medians of the rounds. An answer that is not 200, or a stream that does not end in a result, counts as
 * failed. One thread, one selector.
 */
final class Parallel {
  private static final long PATIENCE_NANOS = 60_000_000_000L;
  private static final int WARM_UP = 2;

  private final int port;
  private final byte[] request;

  private Parallel(int port, byte[] request) {
    this.port = port;
    this.request = request;
  }

  public static void main(String[] args) throws IOException {
    byte[] body = args[5].getBytes(StandardCharsets.UTF_8);
    String head =
        "POST %s HTTP/1.1\r\nHost: localhost\r\nAccept: %s\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(args[4], args[3], body.length, args[5]);
    var parallel =
        new Parallel(Integer.parseInt(args[0]), head.getBytes(StandardCharsets.UTF_8));
    int rounds = Integer.parseInt(args[2]);
    var counted = new ArrayList<Round>();
    for (int number = 0; number < WARM_UP + rounds; number++) {
      Round round = parallel.round(Integer.parseInt(args[1]));
      if (number >= WARM_UP) {
        System.out.println(round);
        counted.add(round);
      }
    }
    System.out.printf(
        "median of %d rounds: first byte p50 %.1f p95 %.1f ms, best p95 %.1f  last byte p95 %.0f ms%n",
        rounds,
        median(counted, Round::firstP50),
        median(counted, Round::firstP95),
        counted.stream().mapToDouble(Round::firstP95).min().orElse(0),
        median(counted, Round::lastP95));
  }

  /** What one round showed, in milliseconds. */
  private record Round(
      int requests,
      double all,
      double firstP50,
      double firstP95,
      double firstMax,
      double lastP50,
      double lastP95,
      long failed) {
    @Override
    public String toString() {
      return "%,d at once in %.0f ms  first byte p50 %.1f p95 %.1f max %.1f ms  last byte p50 %.0f p95 %.0f ms  failed %d"
          .formatted(requests, all, firstP50, firstP95, firstMax, lastP50, lastP95, failed);
    }
  }

  private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
    double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
    return at(sorted, 0.5);
  }

  /** One answer, as far as it has come. */
  private static final class Answer {
    private final ByteBuffer in = ByteBuffer.allocate(16 * 1024);
    private long sent;
    private long first;
    private long last;
    private int head;
    private boolean ok;
    private boolean chunked;

    /** Takes what came; true where it was the last of it. */
    boolean take(long now) {
      if (head == 0) {
        head = headEnd();
        if (head == 0) {
          return false;
        }
        String text = text(0, head);
        ok = text.startsWith("HTTP/1.1 200");
        chunked = text.contains("ransfer-");
      }
      if (first == 0 && in.position() > head) {
        first = now;
      }
      return chunked ? streamIsOver() : in.position() > head;
    }

    private boolean streamIsOver() {
      int end = in.position();
      String tail = text(Math.max(head, end - 160), end);
      if (tail.endsWith("\r\n0\r\n\r\n")) {
        ok &= tail.contains("event: result");
        return true;
      }
      if (end > in.capacity() - 4 * 1024) {
        // Only the end is looked at: the beginning may go.
        byte[] kept = tail.getBytes(StandardCharsets.ISO_8859_1);
        in.position(head);
        in.put(kept);
      }
      return false;
    }

    private int headEnd() {
      for (int i = 3; i < in.position(); i++) {
        if (in.get(i) == '\n' && in.get(i - 2) == '\n') {
          return i + 1;
        }
      }
      return 0;
    }

    private String text(int from, int to) {
      return new String(in.array(), from, to - from, StandardCharsets.ISO_8859_1);
    }
  }

  private Round round(int requests) throws IOException {
    var answers = new ArrayList<Answer>();
    try (var selector = Selector.open()) {
      List<SocketChannel> channels = connect(requests, selector, answers);
      long begin = System.nanoTime();
      for (int i = 0; i < requests; i++) {
        answers.get(i).sent = System.nanoTime();
        channels.get(i).write(ByteBuffer.wrap(request));
      }
      int[] open = {requests};
      while (open[0] > 0 && System.nanoTime() - begin < PATIENCE_NANOS) {
        selector.select(
            key -> {
              if (receive(key)) {
                key.cancel();
                open[0]--;
              }
            },
            100);
      }
      long end = System.nanoTime();
      for (SocketChannel channel : channels) {
        channel.close();
      }
      return report(answers, end - begin);
    }
  }

  private List<SocketChannel> connect(int requests, Selector selector, List<Answer> answers)
      throws IOException {
    var channels = new ArrayList<SocketChannel>();
    for (int i = 0; i < requests; i++) {
      SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      var answer = new Answer();
      channel.register(selector, SelectionKey.OP_READ, answer);
      answers.add(answer);
      channels.add(channel);
    }
    return channels;
  }

  /** True where the answer is over, one way or the other. */
  private static boolean receive(SelectionKey key) {
    var answer = (Answer) key.attachment();
    try {
      boolean closed = ((SocketChannel) key.channel()).read(answer.in) < 0;
      long now = System.nanoTime();
      if (closed || answer.take(now)) {
        answer.ok &= !closed;
        answer.last = now;
        return true;
      }
      return false;
    } catch (IOException e) {
      answer.ok = false;
      return true;
    }
  }

  private static Round report(List<Answer> answers, long nanos) {
    double[] first = sorted(answers, true);
    double[] last = sorted(answers, false);
    return new Round(
        answers.size(),
        nanos / 1e6,
        at(first, 0.50),
        at(first, 0.95),
        at(first, 1),
        at(last, 0.50),
        at(last, 0.95),
        answers.stream().filter(answer -> !answer.ok || answer.last == 0).count());
  }

  private static double[] sorted(List<Answer> answers, boolean first) {
    double[] millis =
        answers.stream()
            .mapToDouble(answer -> ((first ? answer.first : answer.last) - answer.sent) / 1e6)
            .toArray();
    Arrays.sort(millis);
    return millis;
  }

  private static double at(double[] sorted, double share) {
    return sorted[(int) Math.min(sorted.length - 1, share * sorted.length)];
  }
}
