package dev.pylon.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the Bun executable: {@code --bun}, {@code PYLON_BUN}, {@code PATH}, the project's {@code
 * node_modules/.bin}, pylon's own copy, {@code ~/.bun/bin}, in this order.
 *
 * @param chosen from {@code --bun} or {@code PYLON_BUN}; it must exist where it is named
 * @param searchPath the {@code PATH}
 * @param project the project's folder
 * @param home where pylon is installed
 * @param userHome the user's home folder
 */
public record Bun(
    @Nullable Path chosen,
    @Nullable String searchPath,
    Path project,
    @Nullable Path home,
    @Nullable Path userHome) {

  private static final String PROGRAM = File.separatorChar == '\\' ? "bun.exe" : "bun";

  /** What to tell somebody who has none. */
  public static final String MISSING =
      "Bun was not found. Install it with: npm install -g bun (or name it with --bun or PYLON_BUN)";

  /** The executable, if any of the places holds one; absolute, unless it was named otherwise. */
  public Optional<Path> find() {
    if (chosen != null) {
      return Optional.of(chosen).filter(Bun::isProgram);
    }
    return places().stream().filter(Bun::isProgram).findFirst().map(Path::toAbsolutePath);
  }

  /** A folder may be called like the program, and may be entered, which is the same right. */
  private static boolean isProgram(Path path) {
    return Files.isRegularFile(path) && Files.isExecutable(path);
  }

  private List<Path> places() {
    var places = new ArrayList<Path>();
    if (searchPath != null) {
      for (String folder : searchPath.split(File.pathSeparator)) {
        if (!folder.isEmpty()) {
          places.add(Path.of(folder, PROGRAM));
        }
      }
    }
    for (Path folder = project.toAbsolutePath(); folder != null; folder = folder.getParent()) {
      places.add(folder.resolve("node_modules/.bin").resolve(PROGRAM));
    }
    if (home != null) {
      places.add(home.resolve("target/node/node_modules/bun/bin/bun.exe"));
      places.add(home.resolve("node/node_modules/bun/bin/bun.exe"));
    }
    if (userHome != null) {
      places.add(userHome.resolve(".bun/bin").resolve(PROGRAM));
    }
    return places;
  }
}
