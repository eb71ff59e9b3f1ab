package dev.pylon.cli.project;

import dev.pylon.boot.OnceBuild;
import dev.pylon.boot.SchemaDesk;
import dev.pylon.boot.Toolchain;
import dev.pylon.cli.remote.DevFile;
import dev.pylon.cli.schema.ManifestFile;
import dev.pylon.config.Config;
import dev.pylon.config.ConfigReport;
import dev.pylon.config.Environment;
import dev.pylon.json.Json;
import dev.pylon.json.JsonException;
import dev.pylon.model.PylonException;
import dev.pylon.process.ChildException;
import dev.pylon.process.Program;
import dev.pylon.schema.Diagnostic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The checks of {@code pylon doctor}. None changes anything but what a build leaves in caches. */
final class Doctor {
  private static final Duration BUN_PATIENCE = Duration.ofSeconds(10);
  private static final long DISK_LOW_BYTES = 1L << 30;
  private static final long DISK_FULL_BYTES = 64L << 20;

  /** Below this many watched folders editors and servers run into each other. */
  private static final int WATCHES_LOW = 8_192;

  private final Environment environment;
  private final @Nullable Path entry;
  private final InstantSource clock;
  private final List<Finding> findings = new ArrayList<>();

  Doctor(Environment environment, @Nullable Path entry, InstantSource clock) {
    this.environment = environment;
    this.entry = entry;
    this.clock = clock;
  }

  /** Runs every check that can be run; what one finds broken keeps none of the others away. */
  List<Finding> findings() throws InterruptedException {
    settings();
    @Nullable Config config = config();
    if (config != null) {
      bunAndBuild(config);
      packages(config.project().directory());
      database(config);
      port(config);
      folder(config.project().pylonDirectory());
    }
    disk();
    watches();
    production();
    return List.copyOf(findings);
  }

  private void settings() {
    ConfigReport report = ConfigReport.of(environment, Config.Mode.DEV);
    report
        .refusals()
        .forEach(text -> found(Finding.error("settings", text, "See: pylon config show")));
    report
        .warnings()
        .forEach(text -> found(Finding.warning("settings", text, "See: pylon config show")));
    if (report.refusals().isEmpty() && report.warnings().isEmpty()) {
      found(Finding.pass("settings", "every variable is known and has a value it can have"));
    }
  }

  private @Nullable Config config() {
    try {
      return Config.forDev(environment, entry, Map.of());
    } catch (PylonException e) {
      found(Finding.error("project", e.message(), hint(e).orElse("See: pylon init --help")));
      return null;
    }
  }

  private void bunAndBuild(Config config) throws InterruptedException {
    Toolchain tools = Toolchain.of(config);
    Path bun;
    try {
      bun = tools.requireBun();
    } catch (PylonException e) {
      found(Finding.error("bun", e.message(), "Install it from https://bun.sh, or set PYLON_BUN"));
      return;
    }
    try {
      Program.Result ran =
          Program.run(
              List.of(bun.toString(), "--version"),
              environment.directory(),
              Map.of(),
              BUN_PATIENCE);
      if (ran.status() != 0) {
        found(
            Finding.error(
                "bun", bun + " does not run: " + ran.output().strip(), "Install Bun anew"));
        return;
      }
      found(Finding.pass("bun", ran.output().strip() + " at " + bun));
    } catch (ChildException e) {
      found(Finding.error("bun", String.valueOf(e.getMessage()), "Install Bun anew"));
      return;
    }
    build(config, tools);
  }

  private void build(Config config, Toolchain tools) throws InterruptedException {
    switch (OnceBuild.read(config, tools)) {
      case OnceBuild.Result.Broken(var diagnostics) ->
          diagnostics.stream()
              .filter(Diagnostic::isError)
              .forEach(error ->
                  found(
                      Finding.error(
                          "manifest",
                          ManifestFile.place(error) + error.code() + " " + error.message(),
                          error.hint() == null
                              ? "See: pylon explain " + error.code()
                              : error.hint())));
      case OnceBuild.Result.Built(var manifest, _, var functions, var warnings) -> {
        found(
            Finding.pass(
                "manifest",
                "%s %s, %d entities"
                    .formatted(manifest.name(), manifest.version(), manifest.entities().size())));
        warnings.forEach(this::buildWarning);
        if (warnings.stream().noneMatch(Doctor::isAboutFunctions)) {
          found(Finding.pass("functions", functions.size() + " can be called"));
        }
      }
    }
  }

  private static boolean isAboutFunctions(Diagnostic found) {
    return found.code().equals("FN_LOAD_FAILED") || found.code().equals("FUNCTIONS_NOT_AVAILABLE");
  }

  private void buildWarning(Diagnostic warning) {
    String hint = warning.hint() == null ? "See: pylon explain " + warning.code() : warning.hint();
    found(
        isAboutFunctions(warning)
            ? Finding.error("functions", warning.message(), hint)
            : Finding.warning("manifest", warning.message(), hint));
  }

  /** Packages beside ours are found only where they have been installed. */
  private void packages(Path directory) {
    Path file = directory.resolve("package.json");
    if (!Files.isRegularFile(file)) {
      return;
    }
    try {
      Map<String, @Nullable Object> json = Json.parseObject(Files.readAllBytes(file));
      boolean needs =
          json.get("dependencies") instanceof Map<?, ?> wanted
              && wanted.keySet().stream()
                  .anyMatch(name -> !String.valueOf(name).startsWith("@pylon"));
      if (needs && !hasModules(directory)) {
        found(
            Finding.warning(
                "packages",
                "package.json names packages and there is no node_modules",
                "Run: bun install"));
      } else {
        found(Finding.pass("packages", needs ? "installed" : "none needed"));
      }
    } catch (IOException | JsonException e) {
      found(Finding.error("packages", "package.json cannot be read", "Mend the JSON in it"));
    }
  }

  private static boolean hasModules(Path directory) {
    for (Path place = directory; place != null; place = place.getParent()) {
      if (Files.isDirectory(place.resolve("node_modules"))) {
        return true;
      }
    }
    return false;
  }

  private void database(Config config) {
    if (!SchemaDesk.exists(config.db())) {
      found(Finding.pass("database", config.db().shown() + " will be made by the first start"));
      return;
    }
    try (SchemaDesk desk = SchemaDesk.open(config.db(), clock)) {
      found(
          Finding.pass("database", config.db().shown() + ", " + desk.tables().size() + " tables"));
    } catch (RuntimeException e) {
      found(
          Finding.error(
              "database",
              config.db().shown() + " cannot be used: " + e.getMessage(),
              config.db().file() == null
                  ? "Check DATABASE_URL and whether the server runs"
                  : "Restore a backup, or begin anew: pylon dev --reset"));
    }
  }

  private void port(Config config) {
    int port = config.http().port();
    List<DevFile> running = DevFile.near(environment.directory());
    if (!running.isEmpty()) {
      found(Finding.pass("port", "a server says it is at " + running.getFirst().url()));
      return;
    }
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      found(Finding.pass("port", port + " is free"));
    } catch (IOException e) {
      found(
          Finding.warning(
              "port",
              port + " is taken by another program",
              "\"pylon dev\" takes the next free one; or --port N"));
    }
  }

  private void folder(Path folder) {
    if (Files.isDirectory(folder) && !Files.isWritable(folder)) {
      found(Finding.error("folder", folder + " cannot be written", "Check its owner and mode"));
    } else if (!Files.isDirectory(folder) && !Files.isWritable(environment.directory())) {
      found(
          Finding.error(
              "folder",
              environment.directory() + " cannot be written",
              "Check its owner and mode"));
    } else {
      found(Finding.pass("folder", folder + " can be written"));
    }
  }

  private void disk() {
    try {
      long free = Files.getFileStore(environment.directory()).getUsableSpace();
      String text = (free >> 20) + " MiB free";
      if (free < DISK_FULL_BYTES) {
        found(Finding.error("disk", text, "Make room: nothing can be written soon"));
      } else if (free < DISK_LOW_BYTES) {
        found(Finding.warning("disk", text, "Make room before it is full"));
      } else {
        found(Finding.pass("disk", text));
      }
    } catch (IOException e) {
      found(Finding.warning("disk", "free space is not known: " + e.getMessage(), "Look yourself"));
    }
  }

  /** Linux tells about changed files only so many watchers. */
  private void watches() {
    Path limit = Path.of("/proc/sys/fs/inotify/max_user_watches");
    if (!Files.isReadable(limit)) {
      return;
    }
    try {
      int watches = Integer.parseInt(Files.readString(limit).strip());
      if (watches < WATCHES_LOW) {
        found(
            Finding.warning(
                "watching",
                "the system allows %d watched folders".formatted(watches),
                "sysctl fs.inotify.max_user_watches=65536; until then files are polled"));
      }
    } catch (IOException | NumberFormatException e) {
      found(Finding.warning("watching", "the limit of watches cannot be read", "Files are polled"));
    }
  }

  /** What would keep {@code pylon serve} from starting; here that is only to be known. */
  private void production() {
    List<String> refusals = ConfigReport.of(environment, Config.Mode.SERVE).refusals();
    refusals.forEach(text ->
        found(Finding.warning("serve", text, "Only for production; see: pylon config show")));
    if (refusals.isEmpty()) {
      found(Finding.pass("serve", "\"pylon serve\" has what it needs"));
    }
  }

  private static Optional<String> hint(PylonException e) {
    return Optional.ofNullable(e.details().get("hint")).map(Object::toString);
  }

  private void found(Finding finding) {
    findings.add(finding);
  }
}
