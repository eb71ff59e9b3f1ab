package dev.pylon.boot;

import dev.pylon.model.PylonException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.CRC32;

/**
 * The TypeScript that ships inside pylon, as files that Bun can run.
 *
 * <p>They are unpacked once for each version, into a folder named by their content: written beside
 * it under another name and moved into place whole, so that starts at the same time do no harm and
 * a folder that is there is complete. After that nothing is written.
 *
 * @param folder holds {@code runtime}, {@code functions} and {@code sdk}
 */
public record TypeScript(Path folder) {
  private static final String ROOT = "ts/";

  /** The program of a function runtime. */
  public Path runtime() {
    return folder.resolve("runtime/main.ts");
  }

  /** Makes our packages importable, and tells what an entry imports; preloaded where one runs. */
  public Path preload() {
    return folder.resolve("runtime/entry.ts");
  }

  /**
   * Unpacks into {@code cache} what is not there yet.
   *
   * @throws PylonException where the cache cannot be written
   */
  public static TypeScript unpack(Path cache) {
    try {
      Path source =
          Path.of(TypeScript.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (Files.isDirectory(source)) {
        return unpackFolder(source.resolve(ROOT), cache);
      }
      return unpackJar(source, cache);
    } catch (IOException e) {
      throw new PylonException(
              BootError.CACHE_UNWRITABLE,
              "Cannot write the cache folder %s: %s".formatted(cache, reason(e)),
              e)
          .with("hint", "Make it writable, or name another with XDG_CACHE_HOME");
    } catch (URISyntaxException e) {
      throw new IllegalStateException("no path to our own classes", e);
    }
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName() + " " + e.getMessage();
  }

  private interface Unpacker {
    void into(Path folder) throws IOException;
  }

  private static TypeScript unpackJar(Path file, Path cache) throws IOException {
    try (var jar = new JarFile(file.toFile(), false)) {
      var sums = new TreeMap<String, Long>();
      for (JarEntry entry : jar.stream().filter(TypeScript::isOurs).toList()) {
        sums.put(entry.getName(), entry.getCrc());
      }
      return place(
          cache,
          name(sums),
          folder -> {
            for (String name : sums.keySet()) {
              try (InputStream in = jar.getInputStream(jar.getJarEntry(name))) {
                write(folder, name, in);
              }
            }
          });
    }
  }

  private static boolean isOurs(JarEntry entry) {
    return !entry.isDirectory() && entry.getName().startsWith(ROOT);
  }

  /** Where classes were not packed: tests, and an editor's builds. */
  private static TypeScript unpackFolder(Path source, Path cache) throws IOException {
    var sums = new TreeMap<String, Long>();
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            var sum = new CRC32();
            sum.update(Files.readAllBytes(file));
            sums.put(
                ROOT + URI.create(source.toUri().relativize(file.toUri()).toString()),
                sum.getValue());
            return FileVisitResult.CONTINUE;
          }
        });
    return place(
        cache,
        name(sums),
        folder -> {
          for (String name : sums.keySet()) {
            try (InputStream in =
                Files.newInputStream(source.resolve(name.substring(ROOT.length())))) {
              write(folder, name, in);
            }
          }
        });
  }

  private static void write(Path folder, String name, InputStream in) throws IOException {
    Path target = folder.resolve(name.substring(ROOT.length()));
    Files.createDirectories(target.getParent());
    Files.copy(in, target);
  }

  private static String name(Map<String, Long> sums) {
    if (sums.isEmpty()) {
      throw new IllegalStateException("our TypeScript is missing beside our classes");
    }
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      sums.forEach((name, sum) ->
          digest.update((name + "\0" + sum + "\n").getBytes(StandardCharsets.UTF_8)));
      return "ts-" + HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static TypeScript place(Path cache, String name, Unpacker unpacker) throws IOException {
    Path folder = cache.resolve(name);
    if (Files.isDirectory(folder)) {
      return new TypeScript(folder);
    }
    Files.createDirectories(cache);
    Path beside = Files.createTempDirectory(cache, name + ".");
    try {
      unpacker.into(beside);
      Files.move(beside, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      delete(beside);
      if (!Files.isDirectory(folder)) {
        throw e;
      }
      // Another start was quicker; what it made is the same.
    }
    return new TypeScript(folder);
  }

  private static void delete(Path folder) {
    try (var paths = Files.walk(folder)) {
      for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
