package dev.pylon.config;

import dev.pylon.model.PylonException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The folder being worked on.
 *
 * @param root where the command was given and its children run, absolute
 * @param entry the script that prints the manifest, absolute; null where a ready manifest is served
 * @param manifest {@code pylon.manifest.json}: what the entry's output is written to, or what is
 *     read
 */
public record Project(Path root, @Nullable Path entry, Path manifest) {
  public static final String MANIFEST_NAME = "pylon.manifest.json";
  public static final String CLIENT_NAME = "pylon.client.ts";

  private static final List<String> ENTRIES = List.of("app.ts", "schema.ts", "src/app.ts");

  /** Where generated files and {@code .pylon} go: beside the entry. */
  public Path directory() {
    Path parent = manifest.getParent();
    return parent == null ? root : parent;
  }

  /** Our own folder in the project. */
  public Path pylonDirectory() {
    return directory().resolve(".pylon");
  }

  /** The typed client. */
  public Path client() {
    return directory().resolve(CLIENT_NAME);
  }

  /** The entry or manifest as the user would name it, from the root. */
  public String shownEntry() {
    Path file = entry == null ? manifest : entry;
    return file.startsWith(root) ? root.relativize(file).toString() : file.toString();
  }

  /**
   * What {@code pylon dev [entry]} works on: the one named, else {@code app.ts}, {@code schema.ts},
   * {@code src/app.ts}, the only {@code apps/*}{@code /app.ts}, or a ready {@code
   * pylon.manifest.json}.
   *
   * @throws PylonException where there is none, or more than one to choose from
   */
  public static Project forDev(Path root, @Nullable Path named) {
    if (named != null) {
      return named(root, named, ConfigError.DEV_ENTRY_NOT_FOUND);
    }
    for (String entry : ENTRIES) {
      if (Files.isRegularFile(root.resolve(entry))) {
        return of(root, root.resolve(entry));
      }
    }
    List<Path> apps = apps(root);
    if (apps.size() > 1) {
      String list =
          String.join(", ", apps.stream().map(app -> root.relativize(app).toString()).toList());
      throw new PylonException(ConfigError.AMBIGUOUS_ENTRY, "Several apps here: " + list)
          .with("hint", "Name one, such as: pylon dev " + root.relativize(apps.getFirst()));
    }
    if (!apps.isEmpty()) {
      return of(root, apps.getFirst());
    }
    if (Files.isRegularFile(root.resolve(MANIFEST_NAME))) {
      return of(root, root.resolve(MANIFEST_NAME));
    }
    throw new PylonException(ConfigError.DEV_NO_ENTRY, "No app.ts in " + root)
        .with(
            "hint", "Name the entry (pylon dev path/to/app.ts) or make a project with: pylon init");
  }

  /**
   * What {@code pylon serve [entry|manifest]} serves: the one named, else {@code app.ts}, else
   * {@code manifestSetting}, else {@code pylon.manifest.json}.
   *
   * @throws PylonException where there is none
   */
  public static Project forServe(Path root, @Nullable Path named, @Nullable Path manifestSetting) {
    if (named != null) {
      return named(root, named, ConfigError.START_ENTRY_NOT_FOUND);
    }
    if (Files.isRegularFile(root.resolve("app.ts"))) {
      return of(root, root.resolve("app.ts"));
    }
    if (manifestSetting != null) {
      return named(root, manifestSetting, ConfigError.START_ENTRY_NOT_FOUND);
    }
    if (Files.isRegularFile(root.resolve(MANIFEST_NAME))) {
      return of(root, root.resolve(MANIFEST_NAME));
    }
    throw new PylonException(
            ConfigError.START_NO_ENTRY, "No app.ts and no pylon.manifest.json in " + root)
        .with("hint", "Name one: pylon serve path/to/app.ts");
  }

  private static Project named(Path root, Path name, ConfigError missing) {
    Path file = root.resolve(name).normalize();
    if (!Files.isRegularFile(file)) {
      throw new PylonException(missing, "No such file: " + name);
    }
    return of(root, file);
  }

  private static Project of(Path root, Path file) {
    if (file.toString().endsWith(".json")) {
      return new Project(root, null, file);
    }
    return new Project(root, file, file.resolveSibling(MANIFEST_NAME));
  }

  private static List<Path> apps(Path root) {
    Path folder = root.resolve("apps");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    var found = new ArrayList<Path>();
    try (DirectoryStream<Path> apps = Files.newDirectoryStream(folder)) {
      for (Path app : apps) {
        if (Files.isRegularFile(app.resolve("app.ts"))) {
          found.add(app.resolve("app.ts"));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    found.sort(null);
    return found;
  }
}
