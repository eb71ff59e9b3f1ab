package dev.pylon.cli.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Files a command line names, and standard input where it says {@code -}. */
public final class Input {
  /** More than a server accepts as a body. */
  private static final int BYTES_MAX = 64 * 1024 * 1024;

  private Input() {}

  /**
   * The text of {@code name}, relative to the directory of the invocation; {@code -} is standard
   * input.
   */
  public static String text(Invocation invocation, String name) {
    return new String(bytes(invocation, name), StandardCharsets.UTF_8);
  }

  public static byte[] bytes(Invocation invocation, String name) {
    try {
      return name.equals("-") ? invocation.input().readNBytes(BYTES_MAX) : file(invocation, name);
    } catch (NoSuchFileException e) {
      throw unreadable("no such file: " + name);
    } catch (IOException | InvalidPathException e) {
      throw unreadable("cannot read " + name + ": " + e.getMessage());
    }
  }

  private static byte[] file(Invocation invocation, String name) throws IOException {
    Path file = invocation.environment().directory().resolve(name);
    if (Files.isDirectory(file)) {
      throw unreadable("cannot read " + name + ": it is a folder");
    }
    if (Files.size(file) > BYTES_MAX) {
      throw unreadable("cannot read " + name + ": longer than " + BYTES_MAX + " bytes");
    }
    return Files.readAllBytes(file);
  }

  private static Failure unreadable(String message) {
    return new Failure(ExitStatus.NO_INPUT, "INPUT_UNREADABLE", message, null);
  }
}
