package dev.pylon.store;

import dev.pylon.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A list that may get longer than memory is large. As long as it is short it is held; what is more
 * goes, part by part, to a file without a name, which ends with the process whatever happens, and
 * is read back a part at a time. Reading in order is quick; jumping about is not.
 *
 * <p>Used by one thread at a time.
 */
final class LongList<T> extends AbstractList<T> implements AutoCloseable {
  /** Items held before the first are put away: what most transactions never reach. */
  private static final int HELD_MAX = 10_000;

  /** The same for long items: what they say together. */
  private static final long HELD_CHARS_MAX = 8L * 1024 * 1024;

  /** What a number counts for, and any value for having a place. */
  private static final int CHARS_OF_ANY = 16;

  /** Items read back at once. */
  private static final int PART = 500;

  private final Form<T> form;

  /** Where in the file the part that begins with an item lies. */
  private final TreeMap<Integer, Long> parts = new TreeMap<>();

  /** From {@link #filed} on. */
  private final List<T> held = new ArrayList<>();

  private long heldChars;
  private int filed;
  private @Nullable FileChannel file;
  private long fileEnd;

  /** The part that was read last, from {@link #readFrom} on. */
  private List<T> read = List.of();

  private int readFrom;

  /** How an item is written down. */
  interface Form<T> {
    /** As JSON values, from which {@link #read} makes an equal item. */
    List<@Nullable Object> written(T item);

    T read(List<?> written);

    /** About how long its text is. */
    long chars(T item);
  }

  /** About how long {@code value} is as text. */
  static long chars(@Nullable Object value) {
    long chars = CHARS_OF_ANY;
    if (value instanceof String text) {
      chars += text.length();
    } else if (value instanceof Map<?, ?> object) {
      for (Object member : object.values()) {
        chars += chars(member);
      }
    } else if (value instanceof List<?> array) {
      for (Object item : array) {
        chars += chars(item);
      }
    }
    return chars;
  }

  LongList(Form<T> form) {
    this.form = form;
  }

  @Override
  public boolean add(T item) {
    held.add(item);
    heldChars += form.chars(item);
    if (held.size() >= HELD_MAX || heldChars >= HELD_CHARS_MAX) {
      putAway();
    }
    return true;
  }

  @Override
  public int size() {
    return filed + held.size();
  }

  @Override
  public T get(int index) {
    Objects.checkIndex(index, size());
    if (index >= filed) {
      return held.get(index - filed);
    }
    if (index < readFrom || index >= readFrom + read.size()) {
      readPartOf(index);
    }
    return read.get(index - readFrom);
  }

  /** Forgets what was added from {@code size} on. */
  void shortenTo(int size) {
    if (size < filed) {
      readPartOf(size);
      held.clear();
      held.addAll(read);
      filed = readFrom;
      fileEnd = Objects.requireNonNull(parts.get(filed));
      parts.tailMap(filed, true).clear();
      read = List.of();
    }
    held.subList(size - filed, held.size()).clear();
    heldChars = held.stream().mapToLong(form::chars).sum();
  }

  private void putAway() {
    for (int from = 0; from < held.size(); from += PART) {
      List<T> part = held.subList(from, Math.min(from + PART, held.size()));
      byte[] text = Json.bytes(part.stream().map(form::written).toList());
      parts.put(filed + from, fileEnd);
      append(text);
    }
    filed += held.size();
    held.clear();
    heldChars = 0;
  }

  private void readPartOf(int index) {
    Map.Entry<Integer, Long> part = Objects.requireNonNull(parts.floorEntry(index));
    Long next = parts.higherKey(index) == null ? null : parts.higherEntry(index).getValue();
    long end = next == null ? fileEnd : next;
    var items = new ArrayList<T>(PART);
    for (Object written : (List<?>) Objects.requireNonNull(Json.parse(bytes(part, end)))) {
      items.add(form.read((List<?>) Objects.requireNonNull(written)));
    }
    read = items;
    readFrom = part.getKey();
  }

  // ---- the file ----

  private void append(byte[] text) {
    try {
      FileChannel to = file == null ? open() : file;
      ByteBuffer bytes = ByteBuffer.wrap(text);
      while (bytes.hasRemaining()) {
        fileEnd += to.write(bytes, fileEnd);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("what a transaction holds does not fit on the disk", e);
    }
  }

  private FileChannel open() throws IOException {
    Path path = Files.createTempFile("pylon-", ".part");
    try {
      file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } finally {
      // Open, it needs no name; so nothing is left of it after a crash.
      Files.deleteIfExists(path);
    }
    return file;
  }

  private byte[] bytes(Map.Entry<Integer, Long> part, long end) {
    var bytes = ByteBuffer.allocate(Math.toIntExact(end - part.getValue()));
    try {
      FileChannel from = Objects.requireNonNull(file);
      while (bytes.hasRemaining()) {
        if (from.read(bytes, part.getValue() + bytes.position()) < 0) {
          throw new IOException("the file has become shorter");
        }
      }
      return bytes.array();
    } catch (IOException e) {
      throw new UncheckedIOException("what a transaction holds cannot be read back", e);
    }
  }

  /** Gives the disk back; what lay there cannot be read after that. Once more does nothing. */
  @Override
  public void close() {
    FileChannel open = file;
    file = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw new UncheckedIOException("a file that is not needed any more", e);
      }
    }
  }
}
