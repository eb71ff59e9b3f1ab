package dev.pylon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The packaged {@code bin/pylon}, started as a user starts it: in a folder, with pipes. Closing it
 * kills what is left.
 */
public final class PylonProcess implements AutoCloseable {
  /** The first start of a launcher may have to wait for a busy machine. */
  public static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Path CHECKOUT = Path.of("").toAbsolutePath();

  private final Process process;
  private final List<String> out = new ArrayList<>();
  private final List<String> err = new ArrayList<>();

  private PylonProcess(Process process) {
    this.process = process;
    gather(process.getInputStream(), out);
    gather(process.getErrorStream(), err);
  }

  /** Starts {@code pylon words…} in {@code folder}. */
  public static PylonProcess start(Path folder, String... words) throws IOException {
    return start(folder, List.of(), words);
  }

  /** The same with more variables, each as {@code NAME=value}. */
  public static PylonProcess start(Path folder, List<String> more, String... words)
      throws IOException {
    var command = new ArrayList<String>();
    // Whoever runs the tests in the background ignores Ctrl-C, and so would every process below.
    command.addAll(List.of("env", "--default-signal=INT,HUP"));
    command.addAll(more);
    command.add(CHECKOUT.resolve("bin/pylon").toString());
    command.addAll(List.of(words));
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    Map<String, String> variables = builder.environment();
    variables.keySet().removeIf(name -> name.startsWith("PYLON_"));
    variables.put("PYLON_BUN", NeedsBun.Bun.path().toString());
    variables.put("XDG_CACHE_HOME", cache().toString());
    variables.put("LC_ALL", "C.UTF-8");
    return new PylonProcess(builder.start());
  }

  /** Where all of them keep what they need more than once. */
  public static Path cache() {
    return CHECKOUT.resolve("target/test-cache");
  }

  /** A copy of one of the samples in {@code folder}. */
  public static Path sample(String name, Path folder) throws IOException {
    return copy(Path.of("src/samples").resolve(name), folder);
  }

  /** A copy of a project of this checkout in {@code folder}. */
  public static Path copy(Path project, Path folder) throws IOException {
    Path source = CHECKOUT.resolve(project);
    Path target = folder.resolve(project.getFileName());
    try (Stream<Path> paths = Files.walk(source)) {
      for (Path path : paths.toList()) {
        Path copy = target.resolve(source.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(path, copy);
        }
      }
    }
    return target;
  }

  private static void gather(InputStream pipe, List<String> lines) {
    Thread.ofVirtual()
        .start(() -> {
          try (var reader =
              new BufferedReader(new InputStreamReader(pipe, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
              synchronized (lines) {
                lines.add(line);
              }
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /** What it has written to standard output so far. */
  public List<String> out() {
    synchronized (out) {
      return List.copyOf(out);
    }
  }

  /** What it has written to standard error so far. */
  public List<String> err() {
    synchronized (err) {
      return List.copyOf(err);
    }
  }

  /** Waits for a line of standard output. */
  public String awaitLine(Predicate<String> wanted) {
    Eventually.within(
        PATIENCE,
        () -> out().stream().anyMatch(wanted) || !process.isAlive(),
        () -> "out " + out() + " err " + err());
    return out().stream()
        .filter(wanted)
        .findFirst()
        .orElseThrow(() -> new AssertionError("it ended: out " + out() + " err " + err()));
  }

  /** Waits until {@code pylon dev} serves; gives its address. */
  public String awaitReady() {
    return awaitLine(line -> line.startsWith("ready ")).replaceFirst(".*(http://\\S+).*", "$1");
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Its number, for who does something to it from outside. */
  public long pid() {
    return process.pid();
  }

  /** Sends a signal, such as {@code INT}. */
  public void signal(String name) throws IOException, InterruptedException {
    var kill = new ProcessBuilder("kill", "-" + name, "" + process.pid()).start();
    assertThat(kill.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  /** Waits for the end; gives the exit status. */
  public int awaitExit(Duration patience) throws InterruptedException {
    assertThat(process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS))
        .as("still running: out %s err %s", out(), err())
        .isTrue();
    return process.exitValue();
  }

  /** Waits for the end; standard output must have been one JSON object. */
  public Map<String, @Nullable Object> awaitJson() throws InterruptedException {
    int unused = awaitExit(PATIENCE);
    Eventually.within(Eventually.SOON, () -> !out().isEmpty(), this::err);
    assertThat(out()).hasSize(1);
    return Json.parseObject(out().getFirst().getBytes(StandardCharsets.UTF_8));
  }

  /** It and the processes it has started. */
  public List<ProcessHandle> family() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants()).toList();
  }

  /** The processes it has started. */
  public List<ProcessHandle> children() {
    return process.descendants().toList();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
