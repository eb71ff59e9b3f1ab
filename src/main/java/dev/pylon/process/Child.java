package dev.pylon.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One child process that speaks in lines.
 *
 * <p>Thread-safe. Three platform threads serve it, one for each pipe; {@link ChildListener} is
 * called on them.
 */
public final class Child implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Child.class.getName());

  /**
   * A frame may carry a ten-megabyte body several times escaped; beyond this the child is broken.
   */
  private static final int LINE_BYTES_MAX = 256 * 1024 * 1024;

  /** Last lines of standard error kept for the message of a failed start. */
  private static final int LAST_LINES_MAX = 20;

  /** Where Linux tells of the memory of a process (proc(5), status). */
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  /** Between the end of its output and the end of a child that exits by itself lie microseconds. */
  private static final Duration EXIT_PATIENCE = Duration.ofMillis(50);

  /**
   * A pipe that outlives its child, and brings nothing for so long, is held by somebody else. On a
   * busy machine the thread that reads it may not have had its turn for some hundred milliseconds.
   */
  private static final Duration HELD_PIPE_PATIENCE = Duration.ofSeconds(1);

  private static final Duration KILL_PATIENCE = Duration.ofSeconds(1);

  private final String name;
  private final Process process;
  private final ChildListener listener;
  private final InputQueue input = new InputQueue();
  private final Deque<String> lastLines = new ArrayDeque<>();
  private final CompletableFuture<Integer> end = new CompletableFuture<>();
  private volatile boolean killed;
  private volatile long linesRead;

  /**
   * What to start.
   *
   * @param name names the threads, such as {@code runtime-3}
   * @param environment added to our own environment; a null value removes
   */
  public record Spec(
      String name,
      List<String> command,
      Path directory,
      Map<String, @Nullable String> environment) {
    public Spec {
      command = List.copyOf(command);
    }
  }

  private Child(String name, Process process, ChildListener listener) {
    this.name = name;
    this.process = process;
    this.listener = listener;
  }

  /**
   * Starts a child and the threads that serve its pipes.
   *
   * @throws ChildException where the program or the directory cannot be used
   */
  public static Child start(Spec spec, ChildListener listener) throws ChildException {
    if (!Files.isDirectory(spec.directory())) {
      throw new ChildException("not a directory: " + spec.directory());
    }
    var builder = new ProcessBuilder(spec.command()).directory(spec.directory().toFile());
    spec.environment()
        .forEach((key, value) -> {
          if (value == null) {
            builder.environment().remove(key);
          } else {
            builder.environment().put(key, value);
          }
        });
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new ChildException(
          "cannot start " + spec.command().getFirst() + ": " + e.getMessage(), e);
    }
    var child = new Child(spec.name(), process, listener);
    child.serve("in", child::writeInput);
    Thread errors = child.serve("err", child::readErrors);
    child.serve("out", () -> child.readOutput(errors));
    var unused = process.onExit().thenRun(() -> child.awaitLastLine(child.linesRead));
    return child;
  }

  private Thread serve(String pipe, Runnable work) {
    return Thread.ofPlatform().name(name + "-" + pipe).daemon(true).start(work);
  }

  /**
   * Queues a line, break included, for standard input. False where the child no longer takes any.
   */
  public boolean send(byte[] line) {
    return input.add(line);
  }

  /** The same for a line that is made when its turn has come. */
  public boolean send(LateLine line) {
    return input.add(line);
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** The memory that it holds, in bytes; 0 where the system does not tell, as only Linux does. */
  public long residentBytes() {
    try (Stream<String> lines =
        Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
      return lines
          .map(RESIDENT::matcher)
          .filter(Matcher::matches)
          .mapToLong(line -> Long.parseLong(line.group(1)) * 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException | UncheckedIOException e) {
      return 0; // it is gone, or this is another system
    }
  }

  /** The last lines of standard error, oldest first. */
  public List<String> lastLines() {
    synchronized (lastLines) {
      return List.copyOf(lastLines);
    }
  }

  /** Closes standard input after what is queued: a well-behaved child ends by itself. */
  public void closeInput() {
    input.close();
  }

  /** Ends the child at once. A second time does nothing: to look for descendants takes a while. */
  public void kill() {
    if (killed) {
      return;
    }
    killed = true;
    input.close();
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /**
   * Closes standard input, waits {@code grace}, asks it to terminate, waits a second, kills, and
   * waits another second for its end. May be called twice.
   */
  public void stop(Duration grace) {
    closeInput();
    if (ended(grace)) {
      return;
    }
    // Not process.destroy(): that closes the pipes, and with them what the child says last.
    process.toHandle().destroy();
    if (ended(KILL_PATIENCE)) {
      return;
    }
    kill();
    if (!ended(KILL_PATIENCE)) {
      LOG.log(Level.WARNING, "child does not end name={0} pid={1}", name, Long.toString(pid()));
    }
  }

  private boolean ended(Duration patience) {
    try {
      end.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** The same as {@link #stop} with half a second of grace. */
  @Override
  public void close() {
    stop(Duration.ofMillis(500));
  }

  private void writeInput() {
    try (OutputStream out = process.getOutputStream()) {
      input.drainTo(out, this::prepare);
    } catch (IOException e) {
      // The child is gone or going; its end is told by the thread that reads its output.
      input.close();
      LOG.log(Level.DEBUG, "standard input closed name={0} reason={1}", name, e.getMessage());
    }
  }

  private void prepare(List<LateLine> lines) {
    try {
      listener.beforeWriting(lines);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "lines for a child were not prepared name=" + name, e);
    }
  }

  private void readErrors() {
    try {
      new LineSplitter(process.getErrorStream(), LINE_BYTES_MAX)
          .run((buffer, from, length) ->
              log(new String(buffer, from, length, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "standard error closed name={0} reason={1}", name, e.getMessage());
    }
  }

  private void log(String line) {
    synchronized (lastLines) {
      if (lastLines.size() == LAST_LINES_MAX) {
        lastLines.removeFirst();
      }
      lastLines.addLast(line);
    }
    listener.log(line);
  }

  private void readOutput(Thread errors) {
    try {
      new LineSplitter(process.getInputStream(), LINE_BYTES_MAX).run(new Output());
    } catch (IOException e) {
      // A kill closes the pipes as well.
      LOG.log(
          killed ? Level.DEBUG : Level.WARNING,
          "standard output failed name={0} reason={1}",
          name,
          e.getMessage());
    }
    tellEnd(reap(errors));
  }

  /**
   * The end of a child is the end of its output, unless something it has started holds the pipe:
   * then it is told as soon as nothing more comes.
   */
  private void awaitLastLine(long seen) {
    CompletableFuture.delayedExecutor(HELD_PIPE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .execute(() -> {
          if (linesRead != seen) {
            awaitLastLine(linesRead);
          } else {
            tellEnd(process.exitValue());
          }
        });
  }

  private void tellEnd(int status) {
    if (end.complete(status)) {
      input.close();
      listener.exited(status);
    }
  }

  private final class Output implements LineSplitter.Sink {
    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the thread that reads the output only
    public void line(byte[] buffer, int from, int length) {
      linesRead++;
      try {
        listener.line(buffer, from, length);
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "a line of a child was not handled name=" + name, e);
      }
    }

    @Override
    public void rest() {
      try {
        listener.rest();
      } catch (RuntimeException e) {
        LOG.log(Level.ERROR, "what a child said was not handled name=" + name, e);
      }
    }
  }

  /** Without its output the child is of no use: one that does not end by itself is ended. */
  private int reap(Thread errors) {
    try {
      if (!process.waitFor(EXIT_PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
        kill();
      }
      int status = process.waitFor();
      // Its last words are the reason of its end: whoever hears of the end has heard them.
      errors.join(EXIT_PATIENCE);
      return status;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }
}
