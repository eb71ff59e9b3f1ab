package dev.pylon.boot;

import dev.pylon.model.PylonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;

/** Writes files into a project: whole or not at all, and only where something changes. */
final class ProjectFiles {
  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private ProjectFiles() {}

  /**
   * Makes {@code file} hold {@code text}.
   *
   * @return false where it did already, and was left alone
   * @throws PylonException where it cannot be written
   */
  static boolean write(Path file, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      if (Files.isRegularFile(file) && Arrays.equals(Files.readAllBytes(file), bytes)) {
        return false;
      }
      replace(file, bytes, new FileAttribute<?>[0]);
      return true;
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  /** Makes {@code file} hold {@code text}, readable by its owner alone. */
  static void writeSecret(Path file, String text) {
    try {
      replace(file, text.getBytes(StandardCharsets.UTF_8), permissions("rw-------"));
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static void replace(Path file, byte[] bytes, FileAttribute<?>[] attributes)
      throws IOException {
    Path beside =
        file.resolveSibling(
            "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
    Files.deleteIfExists(beside);
    Files.createFile(beside, attributes);
    try {
      Files.write(beside, bytes);
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  /** Makes our folder in a project: for its owner alone, and not for version control. */
  static void preparePylonFolder(Path folder) {
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder.getParent());
        Files.createDirectory(folder, permissions("rwx------"));
      } else if (POSIX) {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      }
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
    write(folder.resolve(".gitignore"), "*\n");
  }

  private static FileAttribute<?>[] permissions(String text) {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text))
        }
        : new FileAttribute<?>[0];
  }

  private static PylonException unwritable(Path file, IOException e) {
    return new PylonException(
        BootError.PROJECT_UNWRITABLE,
        "%s cannot be written: %s %s".formatted(file, e.getClass().getSimpleName(), e.getMessage()),
        e);
  }
}
