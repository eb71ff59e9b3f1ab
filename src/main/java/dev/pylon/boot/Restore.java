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
 * anything that is there now is touched, and what is there now goes back where anything fails.
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
        Swap.delete(unpacked);
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
          if (name.startsWith(Backup.DATABASE)) {
            PrivateFile.make(file);
          }
          Files.createDirectories(file.getParent());
          try (OutputStream out = Files.newOutputStream(file)) {
            in.transferTo(out);
          }
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
    try (var swap = new Swap()) {
      for (String suffix : Backup.BESIDE) {
        Path place = parts.database(suffix);
        // Left beside another database a journal would be played into it.
        for (String journal : List.of("-wal", "-shm", "-journal")) {
          swap.clear(place.resolveSibling(place.getFileName() + journal));
        }
        if (putOrClear(swap, unpacked.resolve(Backup.DATABASE + suffix), place)) {
          databases.add(Backup.DATABASE + suffix);
        }
      }
      Path manifest = unpacked.resolve(Backup.MANIFEST);
      boolean hasManifest = Files.isRegularFile(manifest);
      if (hasManifest) {
        swap.put(manifest, parts.manifest());
      }
      int uploads = count(unpacked.resolve("uploads"));
      putOrClear(swap, unpacked.resolve("uploads"), parts.uploads());
      swap.commit();
      return new Backup.Contents(databases, hasManifest, uploads);
    }
  }

  private static boolean putOrClear(Swap swap, Path saved, Path place) throws IOException {
    if (!Files.exists(saved)) {
      swap.clear(place);
      return false;
    }
    swap.put(saved, place);
    return true;
  }

  private static int count(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return (int) files.filter(Files::isRegularFile).count();
    }
  }
}
