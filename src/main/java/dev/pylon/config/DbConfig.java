package dev.pylon.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where rows are kept: exactly one of a file, a Postgres URL, or memory.
 *
 * @param file the SQLite file, absolute
 * @param rowsMax rows one answer may hold
 */
public record DbConfig(
    @Nullable Path file, @Nullable String postgresUrl, boolean inMemory, int rowsMax) {

  /** For people: the file, {@code memory}, or the URL without what is secret in it. */
  public String shown() {
    if (inMemory) {
      return "sqlite::memory:";
    }
    return postgresUrl == null ? "sqlite:" + file : withoutSecrets(postgresUrl);
  }

  /** Whatever stands before the last @, which a password may hold too, and every parameter. */
  private static String withoutSecrets(String url) {
    String place = url.replaceFirst("\\?.*", "").replaceFirst("^[^:]*://", "");
    int at = place.lastIndexOf('@');
    return "postgres://" + (at < 0 ? place : "***" + place.substring(at));
  }

  @Override
  public String toString() {
    return shown();
  }
}
