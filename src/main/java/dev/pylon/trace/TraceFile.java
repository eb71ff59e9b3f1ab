package dev.pylon.trace;

import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The newest traces in a file, a JSON object a line, oldest first, so that they outlive the
 * process.
 *
 * <p>Calls know nothing of it: one thread looks at the traces a few times a second and writes what
 * is new. Of more than it should write between two looks it writes the newest. The file is cut to
 * its newest lines when it has grown to twice its bounds; a full disk leaves traces out.
 */
public final class TraceFile implements AutoCloseable {
  private static final Logger LOG = System.getLogger(TraceFile.class.getName());

  private static final Duration LOOK = Duration.ofMillis(200);

  /** Written at a look: a thousand a second cost a hundredth of a core, and nobody reads more. */
  private static final int BATCH_MAX = 200;

  private static final int CUT_BLOCK_BYTES = 64 * 1024;

  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

  private final Path path;
  private final int linesMax;
  private final long bytesMax;
  private final Traces traces;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("trace-file").factory());

  // Confined to the writer.
  private Traces.Cursor seen;
  private int lines;
  private long bytes;
  private boolean complained;

  private TraceFile(Traces traces, Path path, int linesMax, long bytesMax) {
    this.traces = traces;
    this.seen = traces.end();
    this.path = path;
    this.linesMax = linesMax;
    this.bytesMax = bytesMax;
  }

  /**
   * Writes what comes to {@code traces} from now on to the end of {@code path}.
   *
   * @param linesMax traces kept at least, if there are so many and {@code bytesMax} allows
   */
  public static TraceFile keep(Traces traces, Path path, int linesMax, long bytesMax) {
    var file = new TraceFile(traces, path, linesMax, bytesMax);
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

  private void write() {
    measure();
    try {
      boolean last;
      do {
        last = closing.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        writeNew();
      } while (!last);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void writeNew() {
    try {
      List<Trace> batch = batch();
      if (!batch.isEmpty()) {
        write(batch);
        complained = false;
      }
    } catch (IOException e) {
      complain(e);
    }
  }

  /** The newest of what came since the last look. */
  private List<Trace> batch() {
    long from = Math.max(seen.ran(), traces.end().ran() - BATCH_MAX);
    Traces.Batch batch = traces.after(new Traces.Cursor(from, seen.refused()), BATCH_MAX);
    seen = batch.next();
    return batch.traces();
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
    Path aside = path.resolveSibling(path.getFileName() + ".tmp");
    try (FileChannel from = FileChannel.open(path, StandardOpenOption.READ);
        FileChannel to =
            FileChannel.open(
                aside,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
      long start = startOfNewest(from);
      bytes = from.size() - start;
      for (long copied = 0; copied < bytes; ) {
        copied += from.transferTo(start + copied, bytes - copied, to);
      }
    }
    Files.move(aside, path, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Where the newest lines begin that the bounds allow, which are counted. Looks for the line
   * breaks from the end: as text, a full file would take a tenth of a second to read.
   */
  private long startOfNewest(FileChannel file) throws IOException {
    long end = file.size();
    long start = end;
    int found = -1; // the last break ends a line and begins none
    var block = ByteBuffer.allocate(CUT_BLOCK_BYTES);
    for (long blockEnd = end; blockEnd > 0 && end - blockEnd <= bytesMax; ) {
      long blockStart = Math.max(0, blockEnd - CUT_BLOCK_BYTES);
      block.clear().limit((int) (blockEnd - blockStart));
      while (block.hasRemaining() && file.read(block, blockStart + block.position()) >= 0) {}
      for (int i = block.position() - 1; i >= 0; i--) {
        if (block.get(i) == '\n') {
          long lineStart = blockStart + i + 1;
          if (found == linesMax || end - lineStart > bytesMax) {
            lines = found;
            return start;
          }
          found++;
          start = lineStart;
        }
      }
      blockEnd = blockStart;
    }
    lines = found;
    return start;
  }

  private void complain(IOException e) {
    if (!complained) {
      complained = true;
      LOG.log(Level.WARNING, "traces cannot be kept path={0} reason={1}", path, e.toString());
    }
  }

  /** Writes what is new, within a second. */
  @Override
  public void close() {
    closing.countDown();
    writer.shutdown();
    try {
      if (!writer.awaitTermination(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        writer.shutdownNow();
      }
    } catch (InterruptedException e) {
      writer.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
