package dev.pylon.boot;

import dev.pylon.config.Project;
import dev.pylon.json.Json;
import dev.pylon.schema.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The files that {@code pylon dev} writes into a project: the manifest and the client beside the
 * entry, and in {@code .pylon} the types that editors read and the names that shells complete. Each
 * is left alone while it would stay the same.
 */
final class Generated {
  private final Project project;
  private final @Nullable ClientSource client;

  /**
   * @param client null where manifest and client are not wanted
   */
  Generated(Project project, @Nullable ClientSource client) {
    this.project = project;
    this.client = client;
  }

  /**
   * What an entry printed becomes {@code pylon.manifest.json}; a ready manifest is not rewritten.
   */
  void manifest(String text) {
    if (client != null && project.entry() != null) {
      ProjectFiles.write(project.manifest(), text + "\n");
    }
  }

  /** {@code pylon.client.ts}, and the names for shells. */
  void client(Manifest manifest, List<FunctionShape> functions) {
    if (client != null) {
      ProjectFiles.write(project.client(), client.text(manifest, functions));
    }
    ProjectFiles.write(project.pylonDirectory().resolve("completion.tsv"), completion(functions));
  }

  /** One line for each function: name, kind, argument keys with spaces between. */
  private static String completion(List<FunctionShape> functions) {
    return functions.stream()
        .map(function -> "%s\t%s\t%s\n".formatted(function.name(), function.kind(), keys(function)))
        .collect(Collectors.joining());
  }

  private static String keys(FunctionShape function) {
    return function.args() != null && Json.parse(function.args().bytes()) instanceof Map<?, ?> args
        ? String.join(" ", Json.asObject(args).keySet())
        : "";
  }

  /** The sources of our packages, so that editors find the types without an install. */
  void types(TypeScript typeScript) {
    Path target = project.pylonDirectory().resolve("types");
    var wanted = new TreeMap<Path, Path>();
    for (String folder : List.of("functions", "sdk")) {
      files(typeScript.folder().resolve(folder))
          .forEach(file ->
              wanted.put(target.resolve(typeScript.folder().relativize(file).toString()), file));
    }
    try {
      for (Map.Entry<Path, Path> file : wanted.entrySet()) {
        Files.createDirectories(file.getKey().getParent());
        ProjectFiles.write(file.getKey(), Files.readString(file.getValue()));
      }
      Set<Path> outdated = new TreeSet<>(files(target));
      outdated.removeAll(wanted.keySet());
      for (Path file : outdated) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var paths = Files.walk(folder)) {
      return new ArrayList<>(paths.filter(Files::isRegularFile).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
