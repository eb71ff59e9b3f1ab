package dev.pylon.cli.remote;

import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a running server says about itself in {@code .pylon/dev.json} (command line contract, 11.1).
 *
 * @param file where it stands
 * @param instance what the server answers in {@code X-Pylon-Instance}
 * @param adminToken the token of this start; absent for {@code pylon serve}
 */
public record DevFile(
    Path file,
    URI url,
    String instance,
    Optional<String> startedAtText,
    Optional<String> adminToken) {
  private static final Path NAME = Path.of(".pylon", "dev.json");

  /** The files of the nearest project: one, or one for each application of a workspace. */
  public static List<DevFile> near(Path directory) {
    for (Path place = directory; place != null; place = place.getParent()) {
      var found = new ArrayList<DevFile>();
      read(place.resolve(NAME)).ifPresent(found::add);
      if (found.isEmpty()) {
        found.addAll(ofApplications(place.resolve("apps")));
      }
      if (!found.isEmpty()) {
        return found;
      }
    }
    return List.of();
  }

  private static List<DevFile> ofApplications(Path apps) {
    if (!Files.isDirectory(apps)) {
      return List.of();
    }
    var found = new ArrayList<DevFile>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(apps)) {
      for (Path folder : folders) {
        read(folder.resolve(NAME)).ifPresent(found::add);
      }
    } catch (IOException e) {
      return List.of(); // an unreadable folder holds no server of ours
    }
    return found;
  }

  /** What stands there now, if anything does: a server that starts writes its own. */
  Optional<DevFile> now() {
    return read(file);
  }

  /** The folder of the project. */
  Path project() {
    // The file is .pylon/dev.json in it.
    return file.resolve("../..").normalize();
  }

  /**
   * When the server started; read only when asked for, since reading a time is slow the first time.
   */
  public Optional<Instant> startedAt() {
    try {
      return startedAtText.map(Instant::parse);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<DevFile> read(Path file) {
    try {
      Map<String, @Nullable Object> json = Json.parseObject(Files.readAllBytes(file));
      return json.get("url") instanceof String url
              && json.get("instance") instanceof String instance
          ? Optional.of(
              new DevFile(
                  file,
                  URI.create(url),
                  instance,
                  Optional.ofNullable((String) json.get("startedAt")),
                  Optional.ofNullable((String) json.get("adminToken"))))
          : Optional.empty();
    } catch (IOException | JsonException | IllegalArgumentException | ClassCastException e) {
      return Optional.empty(); // absent, half removed, or not ours
    }
  }
}
