package dev.pylon.schema;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;

/**
 * An index over fields of one entity.
 *
 * @param name as the manifest calls it; a database calls it {@link #stored}
 */
public record Index(String name, List<String> fields, boolean unique) {
  /** Bytes of a name that every database keeps; Postgres cuts what is longer. */
  static final int NAME_BYTES_MAX = 63;

  public Index {
    fields = List.copyOf(fields);
  }

  /**
   * What an index is called in a database, where every name is given once: {@code <entity>_<name>},
   * and what is too long ends in a sum of the whole.
   */
  public static String stored(String entity, String name) {
    String whole = entity + "_" + name;
    byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= NAME_BYTES_MAX) {
      return whole;
    }
    var sum = new CRC32();
    sum.update(bytes);
    String end = ".%08x".formatted(sum.getValue());
    int length = whole.length();
    while (bytes(whole.substring(0, length)) > NAME_BYTES_MAX - end.length()) {
      length = whole.offsetByCodePoints(length, -1);
    }
    return whole.substring(0, length) + end;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
