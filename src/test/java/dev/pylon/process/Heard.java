package dev.pylon.process;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** What a child said, for a test to ask for. */
final class Heard implements ChildListener {
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> logs = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();
  private final AtomicInteger exits = new AtomicInteger();

  @Override
  public void line(byte[] buffer, int from, int length) {
    lines.add(new String(buffer, from, length, StandardCharsets.ISO_8859_1));
  }

  @Override
  public void log(String line) {
    logs.add(line);
  }

  @Override
  public void exited(int status) {
    exits.incrementAndGet();
    exit.complete(status);
  }

  /** The next line of standard output. */
  String line() throws InterruptedException {
    String line = lines.poll(30, TimeUnit.SECONDS);
    if (line == null) {
      throw new AssertionError("no line within 10 s; standard error: " + logs);
    }
    return line;
  }

  int status(Duration patience) throws InterruptedException, ExecutionException {
    try {
      return exit.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("no end within " + patience + "; lines: " + lines, e);
    }
  }

  int exits() {
    return exits.get();
  }

  List<String> linesLeft() {
    return List.copyOf(lines);
  }
}
