package dev.pylon.boot;

import dev.pylon.config.Project;
import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import dev.pylon.policy.PolicyCheck;
import dev.pylon.policy.RuleText;
import dev.pylon.process.Bun;
import dev.pylon.process.Child;
import dev.pylon.process.ChildException;
import dev.pylon.process.ChildListener;
import dev.pylon.schema.Diagnostic;
import dev.pylon.schema.Manifest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns a project's entry into a manifest: runs it with Bun and reads what it prints (data
 * contract, 1.3), or reads a ready manifest. Immutable; each build is a process of its own.
 */
public final class EntryBuild {
  /** Entries take some 50 ms; one that waits for something never ends. */
  static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** A manifest of a thousand entities is far below this. */
  private static final int MANIFEST_BYTES_MAX = 16 * 1024 * 1024;

  /** Of output that is not what it should be, enough to recognise it. */
  private static final int SHOWN_CHARS_MAX = 80;

  /** Files in which a rule is looked for. */
  private static final int SOURCES_MAX = 200;

  private final Project project;
  private final TypeScript typeScript;
  private final Bun bun;
  private final Duration timeout;
  private final @Nullable Path importsFile;

  public EntryBuild(Project project, TypeScript typeScript, Bun bun) {
    this(project, typeScript, bun, TIMEOUT, null);
  }

  /**
   * @param importsFile where each build leaves the paths of what the entry imports; null for
   *     nowhere
   */
  EntryBuild(
      Project project,
      TypeScript typeScript,
      Bun bun,
      Duration timeout,
      @Nullable Path importsFile) {
    this.project = project;
    this.typeScript = typeScript;
    this.bun = bun;
    this.timeout = timeout;
    this.importsFile = importsFile;
  }

  /** What came of a build. */
  public sealed interface Result {
    /** {@code text} is what the entry printed, without blanks around it. */
    record Built(Manifest manifest, String text) implements Result {}

    /** At least one error, with what else was found. */
    record Broken(List<Diagnostic> diagnostics) implements Result {
      public Broken {
        diagnostics = List.copyOf(diagnostics);
      }
    }
  }

  /**
   * Builds. Waits for the outcome, half a minute at most.
   *
   * @param environment given to the entry beside our own
   */
  public Result build(Map<String, String> environment) throws InterruptedException {
    @Nullable Path entry = project.entry();
    return entry == null ? read(project.manifest()) : run(entry, environment);
  }

  /** The files that the entry was made of when it was last built; empty where that is not known. */
  Set<Path> imported() {
    if (importsFile == null || !Files.isRegularFile(importsFile)) {
      return Set.of();
    }
    try {
      return Files.readAllLines(importsFile).stream().map(Path::of).collect(Collectors.toSet());
    } catch (IOException e) {
      // Unknown again: then every source is taken for a part of the entry.
      return Set.of();
    }
  }

  private Result read(Path file) {
    try {
      String name = String.valueOf(file.getFileName());
      byte[] json = Files.readAllBytes(file);
      return judged(
          new String(json, StandardCharsets.UTF_8),
          Manifest.read(json, name),
          RuleText.ofManifest(json, name));
    } catch (IOException e) {
      return broken(
          "MANIFEST_READ_FAILED",
          "%s cannot be read: %s".formatted(file.getFileName(), e.getMessage()));
    }
  }

  private Result run(Path entry, Map<String, String> environment) throws InterruptedException {
    Optional<Path> program = bun.find();
    if (program.isEmpty()) {
      return broken("BUN_EXEC_FAILED", Toolchain.missing(bun));
    }
    var variables = new HashMap<String, @Nullable String>(environment);
    // Its error text is shown in places that decide about colour themselves.
    variables.put("NO_COLOR", "1");
    variables.put("FORCE_COLOR", null);
    if (importsFile != null) {
      variables.put("PYLON_ENTRY_FILES", importsFile.toString());
    }
    var command =
        List.of(
            program.get().toString(),
            "run",
            "--no-install",
            "--preload",
            typeScript.preload().toString(),
            "--",
            entry.toString());
    var printed = new Printed();
    try (Child child =
        Child.start(new Child.Spec("entry", command, project.root(), variables), printed)) {
      child.closeInput();
      return printed.awaitEnd(timeout) ? outcome(printed) : tooLong(printed);
    } catch (ChildException e) {
      return broken("BUN_EXEC_FAILED", "Bun could not be started: " + e.getMessage());
    }
  }

  private Result outcome(Printed printed) {
    if (printed.status() != 0) {
      String said = printed.errors().isBlank() ? printed.output() : printed.errors();
      return failed(said.isBlank() ? name() + " ended with status " + printed.status() : said);
    }
    if (printed.isTooLong()) {
      return broken("BUN_INVALID_OUTPUT", name() + " printed more than 16 MiB");
    }
    String text = printed.output().strip();
    try {
      Json.check(text.getBytes(StandardCharsets.UTF_8));
    } catch (JsonException e) {
      return invalid(text);
    }
    return judged(
        text,
        Manifest.read(text.getBytes(StandardCharsets.UTF_8)),
        RuleText.ofSources(this::sources));
  }

  /** What the entry was made of, by the names its author knows. */
  private Map<String, String> sources() {
    var files = new TreeSet<>(imported());
    if (project.entry() != null) {
      files.add(project.entry());
    }
    var sources = new LinkedHashMap<String, String>();
    for (Path file : files) {
      Path shown = file.startsWith(project.root()) ? project.root().relativize(file) : file;
      if (!shown.toString().contains("node_modules") && sources.size() < SOURCES_MAX) {
        try {
          sources.put(shown.toString(), Files.readString(file));
        } catch (IOException _) {
          // A source that is gone by now only costs the place of a warning.
        }
      }
    }
    return sources;
  }

  /** Something else than one JSON document: most often a forgotten console.log. */
  private Result invalid(String text) {
    String found = text.isEmpty() ? "nothing" : "\"" + text.lines().findFirst().orElse("") + "\"";
    if (found.length() > SHOWN_CHARS_MAX) {
      found = found.substring(0, SHOWN_CHARS_MAX) + "…\"";
    }
    return new Result.Broken(
        List.of(
            Diagnostic.error(
                    "BUN_INVALID_OUTPUT", "%s printed %s, not a manifest".formatted(name(), found))
                .hint(
                    "Standard output must hold the manifest and nothing else:"
                        + " console.log(JSON.stringify(buildManifest({…})))")));
  }

  private Result tooLong(Printed printed) {
    String text = "%s did not end within %d s".formatted(name(), timeout.toSeconds());
    return failed(printed.errors().isBlank() ? text : text + "\n" + printed.errors());
  }

  private String name() {
    return project.shownEntry();
  }

  private Result failed(String said) {
    var error = BunError.parse(said, project.root());
    String message = error.message().isEmpty() ? name() + " failed" : error.message();
    @Nullable String more = error.text().equals("error: " + message) ? null : error.text();
    return new Result.Broken(
        List.of(
            new Diagnostic(Diagnostic.Severity.ERROR, "BUN_EXIT", message, error.span(), more)));
  }

  private static Result broken(String code, String message) {
    return new Result.Broken(List.of(Diagnostic.error(code, message)));
  }

  /**
   * @param rules where the rules of policies stand
   */
  private static Result judged(String text, Manifest.Reading reading, RuleText rules) {
    return switch (reading) {
      case Manifest.Reading.Accepted(var manifest) ->
          new Result.Built(manifest.warned(PolicyCheck.findings(manifest, rules)), text.strip());
      case Manifest.Reading.Refused(var diagnostics) -> new Result.Broken(diagnostics);
    };
  }

  /** What an entry wrote. Filled on the threads of its pipes, read when it has ended. */
  private static final class Printed implements ChildListener {
    private static final int ERROR_LINES_MAX = 100;

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final Deque<String> errors = new ArrayDeque<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private boolean tooLong;
    private int status;

    @Override
    public synchronized void line(byte[] buffer, int from, int length) {
      tooLong |= output.size() + length > MANIFEST_BYTES_MAX;
      if (!tooLong) {
        output.write(buffer, from, length);
        output.write('\n');
      }
    }

    @Override
    public synchronized void log(String line) {
      if (errors.size() == ERROR_LINES_MAX) {
        errors.removeFirst();
      }
      errors.addLast(line);
    }

    @Override
    public void exited(int status) {
      synchronized (this) {
        this.status = status;
      }
      end.countDown();
    }

    boolean awaitEnd(Duration patience) throws InterruptedException {
      return end.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    synchronized boolean isTooLong() {
      return tooLong;
    }

    synchronized int status() {
      return status;
    }

    synchronized String output() {
      return output.toString(StandardCharsets.UTF_8);
    }

    synchronized String errors() {
      return String.join("\n", errors);
    }
  }
}
