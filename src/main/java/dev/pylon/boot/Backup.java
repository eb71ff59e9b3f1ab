package dev.pylon.boot;

import dev.pylon.db.sqlite.SqliteCopy;
import dev.pylon.json.Json;
import dev.pylon.model.PylonException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes an application into one file: its databases, each as it was at one moment, its manifest
 * and its uploads, in a zip archive whose last entry holds the sum of every other. A server may go
 * on meanwhile. {@link Restore} brings it back.
 */
public final class Backup {
  static final String SUMS = "SHA256SUMS";
  static final String ABOUT = "VERSION";
  static final String MANIFEST = "manifest.json";
  static final String UPLOADS = "uploads/";

  /** The main database in the archive, whatever it is called outside. */
  static final String DATABASE = "db/app.db";

  /** The databases that stand beside the main one, by what is added to its name. */
  static final List<String> BESIDE = List.of("", ".sessions.db", ".streams.db", ".jobs.db");

  /**
   * Where the parts of an application are.
   *
   * @param database the SQLite file
   * @param manifest need not exist
   * @param uploads need not exist
   */
  public record Parts(Path database, Path manifest, Path uploads) {
    Path database(String suffix) {
      return database.resolveSibling(database.getFileName() + suffix);
    }
  }

  /** What an archive holds: databases by their names in it, and how many uploads. */
  public record Contents(List<String> databases, boolean manifest, int uploads) {}

  private final Map<String, String> sums = new TreeMap<>();
  private final ZipOutputStream archive;

  private Backup(ZipOutputStream archive) {
    this.archive = archive;
  }

  /**
   * Writes {@code parts} to {@code target}, whole or not at all, and reads it back.
   *
   * @param about whatever shall be known of the archive
   * @throws PylonException {@code NO_SUCH_DATABASE} where there is nothing to save
   */
  public static Contents write(Parts parts, Path target, Map<String, Object> about) {
    if (!Files.isRegularFile(parts.database())) {
      throw new PylonException(
          BootError.NO_SUCH_DATABASE, "There is no database at " + parts.database());
    }
    Path beside =
        target.resolveSibling(
            "." + target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
    try {
      try {
        Contents contents;
        PrivateFile.make(beside);
        try (var archive = new ZipOutputStream(Files.newOutputStream(beside))) {
          contents = new Backup(archive).write(parts, about, beside);
        }
        Restore.verify(beside);
        Files.move(beside, target, StandardCopyOption.REPLACE_EXISTING);
        return contents;
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Contents write(Parts parts, Map<String, Object> about, Path beside) throws IOException {
    add(ABOUT, Json.bytes(about));
    var databases = new ArrayList<String>();
    for (String suffix : BESIDE) {
      if (Files.isRegularFile(parts.database(suffix))) {
        addDatabase(DATABASE + suffix, parts.database(suffix), beside);
        databases.add(DATABASE + suffix);
      }
    }
    boolean manifest = Files.isRegularFile(parts.manifest());
    if (manifest) {
      add(MANIFEST, Files.readAllBytes(parts.manifest()));
    }
    int uploads = addUploads(parts.uploads());
    String list =
        sums.entrySet().stream()
            .map(sum -> sum.getValue() + "  " + sum.getKey() + "\n")
            .collect(Collectors.joining());
    add(SUMS, list.getBytes(StandardCharsets.UTF_8));
    return new Contents(databases, manifest, uploads);
  }

  private void addDatabase(String name, Path database, Path beside) throws IOException {
    Path copy = beside.resolveSibling(beside.getFileName() + ".db");
    Files.deleteIfExists(copy);
    try {
      SqliteCopy.write(database, copy);
      add(name, copy);
    } finally {
      Files.deleteIfExists(copy);
    }
  }

  private int addUploads(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.filter(Files::isRegularFile).sorted().toList();
    }
    for (Path file : files) {
      add(UPLOADS + folder.relativize(file).toString().replace('\\', '/'), file);
    }
    return files.size();
  }

  private void add(String name, Path file) throws IOException {
    archive.putNextEntry(new ZipEntry(name));
    var sum = new DigestOutputStream(archive, sha256());
    Files.copy(file, sum);
    sum.flush();
    archive.closeEntry();
    sums.put(name, HexFormat.of().formatHex(sum.getMessageDigest().digest()));
  }

  private void add(String name, byte[] bytes) throws IOException {
    archive.putNextEntry(new ZipEntry(name));
    archive.write(bytes);
    archive.closeEntry();
    sums.put(name, HexFormat.of().formatHex(sha256().digest(bytes)));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has it", e);
    }
  }
}
