package dev.pylon.boot;

import dev.pylon.config.EnvFile;
import dev.pylon.config.Project;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which files matter to a running project (command line contract, 14.2): sources and settings below
 * the entry's folder, and what is imported from elsewhere. Immutable.
 *
 * @param deep folders watched with all below them
 * @param shallow folders of which only the files themselves matter: those of env files further up,
 *     those of imports from elsewhere
 * @param imported files that functions or the entry import, wherever they are
 * @param ignore the rules of the entry's folder
 */
record WatchScope(Set<Path> deep, Set<Path> shallow, Set<Path> imported, GitIgnore ignore) {
  private static final Set<String> IGNORED_FOLDERS =
      Set.of(".git", "node_modules", ".pylon", "dist", "build", ".next", ".turbo", "coverage");

  private static final Set<String> SOURCES =
      Set.of("ts", "tsx", "mts", "cts", "js", "jsx", "mjs", "cjs", "json");

  private static final Set<String> LOCK_FILES =
      Set.of("bun.lock", "bun.lockb", "package-lock.json", "yarn.lock", "pnpm-lock.yaml");

  /** Levels below a watched folder that are looked at: symbolic links may form a circle. */
  private static final int DEPTH_MAX = 32;

  WatchScope {
    deep = Set.copyOf(deep);
    shallow = Set.copyOf(shallow);
    imported = Set.copyOf(imported);
  }

  /**
   * @param envFiles where settings were read from
   * @param imported what is known of imports so far
   */
  static WatchScope of(Project project, Path functions, List<Path> envFiles, Set<Path> imported) {
    var deep = new LinkedHashSet<Path>();
    deep.add(project.directory());
    if (!functions.startsWith(project.directory()) && Files.isDirectory(functions)) {
      deep.add(functions);
    }
    var shallow = new HashSet<Path>();
    shallow.add(project.root());
    envFiles.forEach(file -> shallow.add(file.getParent()));
    imported.forEach(file -> shallow.add(file.getParent()));
    shallow.removeIf(folder -> isInside(folder, deep));
    return new WatchScope(deep, shallow, imported, GitIgnore.of(project.directory()));
  }

  private static boolean isInside(Path folder, Set<Path> deep) {
    return deep.stream()
        .anyMatch(root -> folder.startsWith(root) && !isIgnoredFolder(root.relativize(folder)));
  }

  private static boolean isIgnoredFolder(Path relative) {
    for (Path name : relative) {
      if (IGNORED_FOLDERS.contains(name.toString())) {
        return true;
      }
    }
    return false;
  }

  /** Whether all that matters here is watched where {@code other} is. */
  boolean isWithin(WatchScope other) {
    return other.roots().containsAll(roots())
        && imported.stream().allMatch(other::covers)
        && ignore.isSameAs(other.ignore());
  }

  /** Every folder that is watched. */
  Set<Path> roots() {
    var roots = new LinkedHashSet<>(deep);
    roots.addAll(shallow);
    return roots;
  }

  /** Whether a folder below a root is watched too. */
  boolean descends(Path folder) {
    return deep.stream()
        .anyMatch(root ->
            folder.startsWith(root)
                && !isIgnoredFolder(root.relativize(folder))
                && !isGitIgnored(folder));
  }

  private boolean isGitIgnored(Path path) {
    return deep.stream()
        .anyMatch(root ->
            path.startsWith(root) && !path.equals(root) && ignore.ignores(root.relativize(path)));
  }

  /** Whether a change of {@code file}, or that it came or went, matters. */
  boolean covers(Path file) {
    String name = String.valueOf(file.getFileName());
    if (imported.contains(file) || EnvFile.isEnvFile(name)) {
      return true;
    }
    if (isGenerated(name) || isTemporary(name)) {
      return false;
    }
    if (LOCK_FILES.contains(name)) {
      return true;
    }
    Path folder = file.getParent();
    return folder != null
        && descends(folder)
        && !isGitIgnored(file)
        && SOURCES.contains(name.substring(name.lastIndexOf('.') + 1));
  }

  private static boolean isGenerated(String name) {
    return name.equals(Project.MANIFEST_NAME) || name.equals(Project.CLIENT_NAME);
  }

  /** What editors put beside a file while they save it. */
  private static boolean isTemporary(String name) {
    return name.endsWith("~")
        || name.startsWith(".#")
        || name.startsWith("#")
        || name.matches(".*\\.(swp|swx|tmp|temp|bak|orig)|\\..*\\.sw.|.*___jb_(tmp|old)___|4913");
  }

  /** Whether installed packages may have changed with {@code file}. */
  static boolean isOfPackages(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.equals("package.json") || name.startsWith("tsconfig") || LOCK_FILES.contains(name);
  }

  /** Every file there is now that matters. */
  List<Path> files() throws IOException {
    var files = new ArrayList<Path>();
    for (Path root : roots()) {
      visit(root, _ -> {}, files::add);
    }
    return files;
  }

  /** What {@link #visit} finds. */
  interface Found {
    void found(Path path) throws IOException;
  }

  /**
   * Goes through a watched folder: folders that are watched, itself included, then files that
   * matter.
   */
  void visit(Path start, Found folder, Found file) throws IOException {
    Files.walkFileTree(
        start,
        Set.of(FileVisitOption.FOLLOW_LINKS),
        deep.stream().anyMatch(start::startsWith) ? DEPTH_MAX : 1,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
              throws IOException {
            if (!roots().contains(path) && !descends(path)) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            folder.found(path);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile() && covers(path)) {
              file.found(path);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path path, IOException reason) {
            // Gone since it was listed, or not ours to read: others are still worth watching.
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
