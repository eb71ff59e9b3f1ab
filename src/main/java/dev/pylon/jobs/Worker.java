package dev.pylon.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Names a process among all that share a database, so that another one of the same machine can see
 * that it is gone and need not wait for its leases to run out.
 */
final class Worker {
  /**
   * Linux names the world in which a process number means something; elsewhere there is one. The
   * first world of every machine has the same name.
   */
  private static final Path WORLD = Path.of("/proc/self/ns/pid");

  /** What tells this machine, since its start, from all others that may use the same database. */
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  /**
   * Between what two processes read as the start of a third: it is counted from the start of the
   * machine, which moves when the clock is set.
   */
  private static final Duration START_TOLERANCE = Duration.ofSeconds(10);

  private Worker() {}

  /** The name of this process; {@code instance} tells it from others in the same one. */
  static String here(String instance) {
    ProcessHandle self = ProcessHandle.current();
    return "%s %d %d %s".formatted(instance, self.pid(), started(self), world());
  }

  /** Whether {@code name} is of a process of this machine that has ended; false where in doubt. */
  static boolean isGone(String name) {
    String[] parts = name.split(" ", 4);
    if (parts.length < 4 || !parts[3].equals(world())) {
      return false;
    }
    try {
      Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(parts[1]));
      long start = Long.parseLong(parts[2]);
      return process.isEmpty()
          || Math.abs(started(process.get()) - start) > START_TOLERANCE.toMillis();
    } catch (NumberFormatException _) {
      return false;
    }
  }

  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  private static String world() {
    try {
      return Files.isSymbolicLink(WORLD)
          ? Files.readString(BOOT).strip() + " " + Files.readSymbolicLink(WORLD)
          : "-";
    } catch (IOException _) {
      return "-"; // Not to be told apart: as where there is only one.
    }
  }
}
