package dev.pylon.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs that are run to their end, and what they said. */
public final class Program {
  private Program() {}

  /**
   * How it ended.
   *
   * @param output what it wrote to both of its outputs
   * @param cutOff whether it took too long and was ended
   */
  public record Result(int status, String output, boolean cutOff) {}

  /**
   * Runs {@code command} in {@code folder} and waits for it.
   *
   * @param variables beside those of this process
   * @param timeout after which it is ended, with all that it started
   * @throws ChildException where there is no such program
   */
  public static Result run(
      List<String> command, Path folder, Map<String, String> variables, Duration timeout)
      throws ChildException, InterruptedException {
    try {
      // A file, not a pipe: nobody has to read along, and nothing waits for a reader.
      Path said = Files.createTempFile("pylon-", ".out");
      try {
        var builder =
            new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        builder.environment().putAll(variables);
        Process process = builder.start();
        process.getOutputStream().close();
        boolean ended = await(process, timeout);
        String output = new String(Files.readAllBytes(said), StandardCharsets.UTF_8);
        return new Result(ended ? process.exitValue() : -1, output, !ended);
      } finally {
        Files.deleteIfExists(said);
      }
    } catch (IOException e) {
      throw new ChildException("cannot run " + command.getFirst() + ": " + e.getMessage(), e);
    }
  }

  /** Whether it ended by itself; with us ends everything that it started. */
  private static boolean await(Process process, Duration timeout) throws InterruptedException {
    try {
      return process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      if (process.isAlive()) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
  }
}
