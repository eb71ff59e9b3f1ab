package dev.pylon.acceptance;

import dev.pylon.PylonProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What was written since it was made, and who may read it. */
final class FilesOfOneRun {
  private final FileTime begun = FileTime.from(Instant.now());

  /**
   * Files that hold a secret and that others than their owner may read: below {@code app}, and what
   * the run has written to the cache.
   */
  List<Path> openToOthers(Path app, List<String> secrets) throws IOException {
    var open = new ArrayList<Path>();
    for (Path folder : List.of(app, PylonProcess.cache())) {
      open.addAll(openBelow(folder, secrets));
    }
    return open;
  }

  private List<Path> openBelow(Path folder, List<String> secrets) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      var open = new ArrayList<Path>();
      for (Path file : files.filter(this::isOfThisRun).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        boolean mayBeRead =
            Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
        if (mayBeRead && secrets.stream().anyMatch(text::contains)) {
          open.add(file);
        }
      }
      return open;
    }
  }

  private boolean isOfThisRun(Path file) {
    try {
      return Files.isRegularFile(file) && Files.getLastModifiedTime(file).compareTo(begun) >= 0;
    } catch (IOException e) {
      // Somebody else's, and gone.
      return false;
    }
  }
}
