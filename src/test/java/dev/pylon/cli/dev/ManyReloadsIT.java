package dev.pylon.cli.dev;

import static dev.pylon.Eventually.SOON;

import dev.pylon.Eventually;
import dev.pylon.NeedsBun;
import dev.pylon.PylonProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code pylon dev} after a morning of edits: what it holds is what it held after the first few.
 */
@NeedsBun
@EnabledOnOs(OS.LINUX) // asks /proc
@Timeout(180)
class ManyReloadsIT {
  /** Until whatever is opened once has been opened. */
  private static final int FIRST_EDITS = 5;

  private static final int MORE_EDITS = 25;

  @TempDir private Path folder;

  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * What a server holds.
   *
   * @param pipeThreads threads that serve the pipes of its children
   * @param openFiles pipes and sockets among them
   * @param projectFiles in {@code .pylon}
   */
  private record Held(int children, int pipeThreads, int openFiles, int projectFiles) {
    private static Held by(PylonProcess pylon, Path project) {
      Path system = Path.of("/proc", Long.toString(pylon.pid()));
      return new Held(
          pylon.children().size(),
          (int) list(system.resolve("task")).stream().filter(Held::servesPipe).count(),
          list(system.resolve("fd")).size(),
          list(project.resolve(".pylon")).size());
    }

    private static List<Path> list(Path folder) {
      try (Stream<Path> files = Files.list(folder)) {
        return files.toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static boolean servesPipe(Path thread) {
      try {
        return Files.readString(thread.resolve("comm")).startsWith("runtime-");
      } catch (IOException e) {
        return false; // it has ended since it was listed
      }
    }

    private boolean isWithin(Held other) {
      return children <= other.children
          && pipeThreads <= other.pipeThreads
          && openFiles <= other.openFiles
          && projectFiles <= other.projectFiles;
    }
  }

  private void edit(Path project, String url, int version) throws IOException {
    Files.writeString(
        project.resolve("functions/version.ts"),
        """
        import { query } from "@pylonsync/functions";
        export default query({ handler: async () => %d });
        """
            .formatted(version));
    Eventually.within(
        SOON,
        () -> version(url).equals("" + version),
        () -> version(url) + " is answered instead of " + version);
  }

  private String version(String url) {
    var request =
        HttpRequest.newBuilder(URI.create(url + "/api/fn/version"))
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .timeout(SOON)
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Objects of the runtimes' room that a full collection leaves: runtimes, and generations. */
  private static List<Integer> objects(PylonProcess pylon) {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin/jcmd");
    try {
      Process asked =
          new ProcessBuilder(jcmd.toString(), Long.toString(pylon.pid()), "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      String all = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return List.of(instances(all, "ChildRuntime"), instances(all, "Generation"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int instances(String histogram, String type) {
    return histogram
        .lines()
        .map(line -> line.strip().split("\\s+"))
        .filter(words -> words.length == 4)
        .filter(words -> words[3].equals("dev.pylon.functions.runtime." + type))
        .mapToInt(words -> Integer.parseInt(words[1]))
        .sum();
  }

  @Test
  void reloadsLeaveNothingBehind() throws Exception {
    Path todo = PylonProcess.sample("todo", folder);
    try (var pylon = PylonProcess.start(todo, "dev", "--port", "0")) {
      String url = pylon.awaitReady();
      int version = 0;
      while (version < FIRST_EDITS) {
        edit(todo, url, ++version);
      }
      // The one that answers, and the one on standby, each with a thread for each of its pipes.
      Eventually.within(
          SOON,
          () -> Held.by(pylon, todo).children() == 2 && Held.by(pylon, todo).pipeThreads() == 6,
          () -> Held.by(pylon, todo));
      Held first = Held.by(pylon, todo);

      while (version < FIRST_EDITS + MORE_EDITS) {
        edit(todo, url, ++version);
      }

      Eventually.within(
          SOON,
          () -> Held.by(pylon, todo).isWithin(first),
          () -> "held %s, after %s".formatted(first, Held.by(pylon, todo)));
      // What has ended is held for a second more.
      Eventually.within(
          SOON,
          () -> objects(pylon).equals(List.of(2, 1)),
          () -> "runtimes and generations: " + objects(pylon));
    }
  }
}
