package dev.pylon.boot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;

/** A file for its owner's eyes: hashes of passwords and tokens lie in it. */
final class PrivateFile {
  private PrivateFile() {}

  /**
   * Makes an empty one at {@code path}, unless there is a file. What SQLite puts beside it is as
   * private as it is.
   */
  static void make(Path path) {
    try {
      Path folder = path.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      if (Files.getFileStore(folder == null ? path : folder)
          .supportsFileAttributeView(PosixFileAttributeView.class)) {
        Files.createFile(
            path,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
    } catch (FileAlreadyExistsException e) {
      // It has the permissions that its owner gave it.
      return;
    } catch (IOException e) {
      throw new UncheckedIOException("no room for " + path, e);
    }
  }
}
