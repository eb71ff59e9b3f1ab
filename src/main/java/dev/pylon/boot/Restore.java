package dev.pylon.boot;

import dev.pylon.db.sqlite.SqliteCopy;
import dev.pylon.model.PylonException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Brings back what {@link Backup} wrote. Everything is unpacked beside its place and checked before
 * anything that is there now is touched.
 */
public final class Restore {
  /** Names that an archive of ours can hold: none of them leads out of a folder. */
  private static final Pattern NAME =
      Pattern.compile(
          "VERSION|manifest\\.json|db/app\\.db[a-z.]*|uploads(/(?!\\.\\.?(/|$))[^/\\\\]+)+");

  private Restore() {}

  /**
   * Replaces what is at {@code parts} by what {@code archive} holds.
   *
   * @param folder of ours in the project, whose server must not be running
   * @throws PylonException {@code NO_BACKUP} where the archive is not whole; nothing is changed
   *     then
   */
  public static Backup.Contents from(Path archive, Backup.Parts parts, Path folder) {
    Optional<Claim> taken = Claim.take(folder);
    try (var closing = new Closing()) {
      closing.own(taken.orElseThrow(() -> Claim.taken(folder)));
      Path unpacked = Files.createTempDirectory(folder, "restore-");
      try {
        unpack(archive, unpacked);
        return replace(unpacked, parts);
      } finally {
        delete(unpacked);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads the whole archive and compares every sum.
   *
   * @throws PylonException {@code NO_BACKUP}
   */
  public static void verify(Path archive) {
    read(archive, (name, in) -> in.transferTo(OutputStream.nullOutputStream()));
  }

  /** What is done with one file of an archive; it reads to the end. */
  private interface Taking {
    void take(String name, InputStream in) throws IOException;
  }

  private static void read(Path archive, Taking taking) {
    try (var zip = new ZipFile(archive.toFile(), StandardCharsets.UTF_8)) {
      Map<String, String> sums = sums(zip);
      List<? extends ZipEntry> entries = zip.stream().toList();
      for (ZipEntry entry : entries) {
        if (!entry.getName().equals(Backup.SUMS)) {
          String expected = sums.remove(entry.getName());
          if (expected == null || !NAME.matcher(entry.getName()).matches()) {
            throw damaged(archive, entry.getName() + " does not belong there", null);
          }
          MessageDigest sum = Backup.sha256();
          try (var in = new DigestInputStream(zip.getInputStream(entry), sum)) {
            taking.take(entry.getName(), in);
          }
          if (!HexFormat.of().formatHex(sum.digest()).equals(expected)) {
            throw damaged(archive, entry.getName() + " is damaged", null);
          }
        }
      }
      if (!sums.isEmpty()) {
        throw damaged(archive, sums.keySet().iterator().next() + " is missing", null);
      }
    } catch (ZipException e) {
      throw damaged(archive, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> sums(ZipFile zip) throws IOException {
    ZipEntry entry = zip.getEntry(Backup.SUMS);
    if (entry == null) {
      throw new ZipException("it holds no sums");
    }
    var sums = new HashMap<String, String>();
    try (InputStream in = zip.getInputStream(entry)) {
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.length() > 66)
          .forEach(line -> sums.put(line.substring(66), line.substring(0, 64)));
    }
    return sums;
  }

  private static PylonException damaged(Path archive, String why, @Nullable Throwable cause) {
    String message = "%s is no whole backup: %s".formatted(archive.getFileName(), why);
    return cause == null
        ? new PylonException(BootError.NO_BACKUP, message)
        : new PylonException(BootError.NO_BACKUP, message, cause);
  }

  private static void unpack(Path archive, Path folder) {
    read(
        archive,
        (name, in) -> {
          Path file = folder.resolve(name);
          Files.createDirectories(file.getParent());
          Files.copy(in, file);
          if (name.startsWith(Backup.DATABASE) && !SqliteCopy.isSound(file)) {
            throw damaged(archive, name + " is no sound database", null);
          }
        });
    if (!Files.isRegularFile(folder.resolve(Backup.DATABASE))) {
      throw damaged(archive, "it holds no database", null);
    }
  }

  private static Backup.Contents replace(Path unpacked, Backup.Parts parts) throws IOException {
    var databases = new ArrayList<String>();
    Files.createDirectories(parts.database().toAbsolutePath().getParent());
    for (String suffix : Backup.BESIDE) {
      Path old = parts.database(suffix);
      for (String journal : List.of("", "-wal", "-shm", "-journal")) {
        Files.deleteIfExists(old.resolveSibling(old.getFileName() + journal));
      }
      Path saved = unpacked.resolve(Backup.DATABASE + suffix);
      if (Files.isRegularFile(saved)) {
        Files.move(saved, old);
        databases.add(Backup.DATABASE + suffix);
      }
    }
    Path manifest = unpacked.resolve(Backup.MANIFEST);
    boolean hasManifest = Files.isRegularFile(manifest);
    if (hasManifest) {
      Files.write(parts.manifest(), Files.readAllBytes(manifest));
    }
    return new Backup.Contents(
        databases, hasManifest, replaceUploads(unpacked.resolve("uploads"), parts.uploads()));
  }

  private static int replaceUploads(Path saved, Path uploads) throws IOException {
    delete(uploads);
    if (!Files.isDirectory(saved)) {
      return 0;
    }
    int count = 0;
    try (Stream<Path> files = Files.walk(saved)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = uploads.resolve(saved.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.move(file, target);
        count++;
      }
    }
    return count;
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
