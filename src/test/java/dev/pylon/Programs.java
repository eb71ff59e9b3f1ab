package dev.pylon;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Programs of the system that a test needs. */
public final class Programs {
  private Programs() {}

  /** Where {@code PATH} has one. */
  public static Optional<Path> find(String name) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Skips the test where there is none; in CI, it fails. */
  public static void need(String name) {
    if (find(name).isPresent()) {
      return;
    }
    if ("true".equals(System.getenv("CI"))) {
      throw new AssertionError("CI needs " + name + " on PATH");
    }
    abort("this needs " + name);
  }
}
