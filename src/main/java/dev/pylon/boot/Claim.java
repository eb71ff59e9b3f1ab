package dev.pylon.boot;

import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import dev.pylon.model.PylonException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Says that a project has a running server, and how to reach it: {@code .pylon/dev.json} (command
 * line contract, 11.1), beside a lock that the system takes back however the process ends. So a
 * file that lies about after a crash is known to be stale. Single-threaded.
 */
final class Claim implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;

  private Claim(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the project whose folder for us is {@code folder}, or finds it taken. What an earlier
   * server left there is removed.
   */
  static Optional<Claim> take(Path folder) {
    ProjectFiles.preparePylonFolder(folder);
    Path file = folder.resolve("dev.json");
    try {
      FileChannel channel =
          FileChannel.open(
              folder.resolve("dev.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!lock(channel)) {
        channel.close();
        return Optional.empty();
      }
      Files.deleteIfExists(file);
      return Optional.of(new Claim(file, channel));
    } catch (IOException e) {
      throw new PylonException(
          BootError.PROJECT_UNWRITABLE,
          "%s cannot be written: %s".formatted(folder, e.getMessage()),
          e);
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      @Nullable FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  /** Why a project cannot be taken: who has it. */
  static PylonException taken(Path folder) {
    Map<String, @Nullable Object> other = read(folder.resolve("dev.json"));
    if (other.get("pid") == null) {
      return new PylonException(
          BootError.DEV_ALREADY_RUNNING, "Another pylon is starting on this project");
    }
    return new PylonException(
            BootError.DEV_ALREADY_RUNNING,
            "pylon %s runs on this project already: pid %s, %s"
                .formatted(other.get("mode"), other.get("pid"), other.get("url")))
        .with("hint", "Use that one, or stop it first: kill " + other.get("pid"));
  }

  private static Map<String, @Nullable Object> read(Path file) {
    try {
      return Json.parseObject(Files.readAllBytes(file));
    } catch (IOException | JsonException e) {
      // Not written yet, or this very moment removed.
      return Map.of();
    }
  }

  /** Tells others how to reach us. */
  void publish(Map<String, @Nullable Object> facts) {
    ProjectFiles.writeSecret(file, Json.text(facts) + "\n");
  }

  /** Takes the file away and gives the project back; a second call does nothing. */
  @Override
  public void close() {
    if (!channel.isOpen()) {
      return;
    }
    try (channel) {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
