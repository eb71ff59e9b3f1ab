package dev.pylon.cli.scaffold;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * A project that works: an entity, a query, a mutation and an action, and beside them the types an
 * editor reads, so that nothing has to be installed.
 */
public final class Scaffold {
  private static final List<String> TEMPLATES =
      List.of(
          "app.ts",
          "functions/addExamples.ts",
          "functions/addTodo.ts",
          "functions/listTodos.ts",
          "package.json",
          "tsconfig.json",
          "README.md",
          "gitignore");

  private Scaffold() {}

  /**
   * Writes the project called {@code name} into {@code folder}, which exists.
   *
   * @return the files, relative to the folder; those below {@code .pylon} are left out
   * @throws IOException where one cannot be written
   */
  public static List<String> write(Path folder, String name) throws IOException {
    var files = new ArrayList<String>();
    for (String template : TEMPLATES) {
      String file = template.equals("gitignore") ? ".gitignore" : template;
      place(folder.resolve(file), resource("scaffold/" + template).replace("{{name}}", name));
      files.add(file);
    }
    for (Map.Entry<String, String> type : types().entrySet()) {
      place(folder.resolve(".pylon/types").resolve(type.getKey()), type.getValue());
    }
    place(folder.resolve(".pylon/.gitignore"), "*\n");
    return files;
  }

  private static void place(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Scaffold.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        throw new IllegalStateException("missing from the jar: " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The sources of the packages that projects import, by path. */
  private static TreeMap<String, String> types() throws IOException {
    Path classes = ourClasses();
    var sources = new TreeMap<String, String>();
    if (Files.isDirectory(classes)) {
      Path root = classes.resolve("ts");
      try (var files = Files.walk(root)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String name = root.relativize(file).toString().replace('\\', '/');
          if (isType(name)) {
            sources.put(name, Files.readString(file));
          }
        }
      }
      return sources;
    }
    try (var jar = new JarFile(classes.toFile(), false)) {
      for (JarEntry entry : jar.stream().toList()) {
        if (entry.getName().startsWith("ts/") && isType(entry.getName().substring(3))) {
          try (InputStream in = jar.getInputStream(entry)) {
            sources.put(
                entry.getName().substring(3),
                new String(in.readAllBytes(), StandardCharsets.UTF_8));
          }
        }
      }
    }
    return sources;
  }

  private static boolean isType(String name) {
    return name.endsWith(".ts") && (name.startsWith("functions/") || name.startsWith("sdk/"));
  }

  private static Path ourClasses() {
    try {
      return Path.of(Scaffold.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("no path to our own classes", e);
    }
  }
}
