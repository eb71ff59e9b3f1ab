package dev.pylon.trace;

import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The newest traces in a file, a JSON object a line, oldest first, so that they outlive the
 * process.
 *
 * <p>{@link #append} only queues; one thread writes. Where it cannot keep up, or the disk is full,
 * traces are left out: calls never wait for their trace. The file is cut to its newest lines when
 * it has grown to twice its bounds.
 */
public final class TraceFile implements AutoCloseable {
  private static final Logger LOG = System.getLogger(TraceFile.class.getName());

  private static final int QUEUED_MAX = 4_096;
  private static final int BATCH_MAX = 256;

  private final Path path;
  private final int linesMax;
  private final long bytesMax;
  private final BlockingQueue<Trace> queue = new ArrayBlockingQueue<>(QUEUED_MAX);
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("trace-file").factory());
  private volatile boolean closed;

  // Confined to the writer.
  private int lines;
  private long bytes;
  private boolean complained;

  private TraceFile(Path path, int linesMax, long bytesMax) {
    this.path = path;
    this.linesMax = linesMax;
    this.bytesMax = bytesMax;
  }

  /**
   * Goes on writing to {@code path}.
   *
   * @param linesMax traces kept at least, if there are so many and {@code bytesMax} allows
   */
  public static TraceFile open(Path path, int linesMax, long bytesMax) {
    var file = new TraceFile(path, linesMax, bytesMax);
    file.writer.execute(file::write);
    return file;
  }

  /**
   * The traces of {@code path}, oldest first, at most the newest {@code max}; broken lines are left
   * out.
   */
  public static List<Trace> read(Path path, int max) throws IOException {
    var newest = new ArrayDeque<String>();
    try (BufferedReader reader = Files.newBufferedReader(path)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (newest.size() == max) {
          newest.removeFirst();
        }
        newest.addLast(line);
      }
    } catch (NoSuchFileException e) {
      return List.of();
    }
    var traces = new ArrayList<Trace>(newest.size());
    for (String line : newest) {
      try {
        if (Json.parse(line) instanceof Map<?, ?> json) {
          traces.add(TraceReader.read(Json.asObject(json)));
        }
      } catch (JsonException e) {
        LOG.log(Level.DEBUG, "a broken line in a trace file path={0}", path);
      }
    }
    return traces;
  }

  /** Queues a trace for writing; returns at once. */
  public void append(Trace trace) {
    if (!closed) {
      // A full queue means the disk is slower than the calls: the trace is still in memory.
      var ignored = queue.offer(trace);
    }
  }

  private void write() {
    measure();
    var batch = new ArrayList<Trace>(BATCH_MAX);
    while (!closed || !queue.isEmpty()) {
      batch.clear();
      try {
        Trace first = queue.poll(250, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        batch.add(first);
        queue.drainTo(batch, BATCH_MAX - 1);
        write(batch);
        complained = false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (IOException e) {
        complain(e);
      }
    }
  }

  private void measure() {
    try (BufferedReader reader = Files.newBufferedReader(path)) {
      for (@Nullable String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines++;
      }
      bytes = Files.size(path);
    } catch (NoSuchFileException e) {
      lines = 0;
    } catch (IOException e) {
      complain(e);
    }
  }

  private void write(List<Trace> batch) throws IOException {
    if (lines >= 2 * linesMax || bytes >= 2 * bytesMax) {
      cut();
    }
    try (OutputStream out =
        new BufferedOutputStream(
            Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
      for (Trace trace : batch) {
        byte[] line = Json.bytes(TraceJson.of(trace));
        out.write(line);
        out.write('\n');
        lines++;
        bytes += line.length + 1;
      }
    }
  }

  /** Leaves the newest lines within the bounds. */
  private void cut() throws IOException {
    Deque<String> kept = new ArrayDeque<>();
    long size = 0;
    try (BufferedReader reader = Files.newBufferedReader(path)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        kept.addLast(line);
        size += line.length() + 1;
        while (kept.size() > linesMax || size > bytesMax) {
          size -= kept.removeFirst().length() + 1;
        }
      }
    }
    Path aside = path.resolveSibling(path.getFileName() + ".tmp");
    Files.write(aside, kept, StandardCharsets.UTF_8);
    Files.move(aside, path, StandardCopyOption.REPLACE_EXISTING);
    lines = kept.size();
    bytes = Files.size(path);
  }

  private void complain(IOException e) {
    if (!complained) {
      complained = true;
      LOG.log(Level.WARNING, "traces cannot be kept path={0} reason={1}", path, e.toString());
    }
  }

  /** Writes what is queued, within a second. */
  @Override
  public void close() {
    closed = true;
    writer.shutdown();
    try {
      if (!writer.awaitTermination(1, TimeUnit.SECONDS)) {
        writer.shutdownNow();
      }
    } catch (InterruptedException e) {
      writer.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
