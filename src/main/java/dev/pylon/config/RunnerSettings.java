package dev.pylon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Functions, and the jobs that call them. Listed in {@link Settings}. */
public final class RunnerSettings {
  public static final Setting<Integer> FN_RATE_LIMIT_MAX =
      Setting.of(
              "PYLON_FN_RATE_LIMIT_MAX",
              Kind.COUNT,
              30,
              "Calls of one function by one caller in a window; 0 for no limit.")
          .inDevMode(100_000);

  public static final Setting<Integer> FN_RATE_LIMIT_WINDOW =
      Setting.of("PYLON_FN_RATE_LIMIT_WINDOW", Kind.WINDOW_SECONDS, 60, "That window.")
          .in("seconds");

  public static final Setting<Path> FUNCTIONS_DIR =
      Setting.of(
              "PYLON_FUNCTIONS_DIR",
              Kind.PATH,
              null,
              "Where the functions are; else functions beside the entry, else in the working"
                  + " directory.")
          .flag("--functions");

  public static final Setting<String> FUNCTIONS_RUNTIME =
      Setting.of(
          "PYLON_FUNCTIONS_RUNTIME",
          Kind.TEXT,
          null,
          "A runtime script of your own, or project for the one in node_modules; else the built-in"
              + " one.");

  public static final Setting<Integer> FN_WORKERS =
      Setting.of("PYLON_FN_WORKERS", Kind.whole(1, 64), 1, "Bun processes that run functions.")
          .flag("--workers");

  public static final Setting<Duration> FN_CALL_TIMEOUT =
      Setting.of(
              "PYLON_FN_CALL_TIMEOUT",
              Kind.DURATION,
              Duration.ofSeconds(30),
              "Longest a call may run.")
          .in("seconds");

  public static final Setting<Duration> FN_QUEUE_TIMEOUT =
      Setting.of(
              "PYLON_FN_QUEUE_TIMEOUT",
              Kind.DURATION,
              Duration.ofSeconds(5),
              "Longest a call waits for a free place.")
          .in("seconds");

  public static final Setting<Integer> FN_MEMORY_MAX =
      Setting.of(
              "PYLON_FN_MEMORY_MAX",
              Kind.whole(64, Integer.MAX_VALUE),
              null,
              "Most memory that a process of functions may hold before it is replaced; half of the"
                  + " machine's unless set. Linux only.")
          .in("MiB");

  public static final Setting<List<String>> FN_ENV_ALLOW =
      Setting.of(
          "PYLON_FN_ENV_ALLOW",
          Kind.LIST,
          List.of(),
          "Variables that functions see, and no others; all when unset.");

  public static final Setting<Integer> JOB_WORKERS =
      Setting.of(
          "PYLON_JOB_WORKERS",
          Kind.whole(1, 1_000),
          Math.max(2, Runtime.getRuntime().availableProcessors()),
          "Jobs that run at once; else one for each core, at least two.");

  public static final Setting<Integer> JOBS_RETENTION =
      Setting.of(
              "PYLON_JOBS_RETENTION_HOURS",
              Kind.whole(1, 100_000),
              168,
              "How long jobs that have ended are kept to be looked at.")
          .in("hours");

  public static final Setting<Boolean> JOBS_IN_MEMORY =
      Setting.of("PYLON_JOBS_IN_MEMORY", Kind.FLAG, false, "Jobs that end with the server.");

  public static final Setting<Path> JOBS_DB =
      Setting.of(
          "PYLON_JOBS_DB",
          Kind.PATH,
          null,
          "A job file of an earlier server; its unfinished jobs are taken over once.");

  public static final Setting<Path> BUN =
      Setting.of("PYLON_BUN", Kind.PATH, null, "The Bun executable; else the first one found.")
          .flag("--bun");

  private RunnerSettings() {}
}
