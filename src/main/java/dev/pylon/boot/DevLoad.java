package dev.pylon.boot;

import dev.pylon.config.Config;
import dev.pylon.config.EnvFile;
import dev.pylon.config.Project;
import dev.pylon.config.Setting;
import dev.pylon.config.Settings;
import dev.pylon.functions.Functions;
import dev.pylon.functions.Reloaded;
import dev.pylon.functions.runtime.Registry;
import dev.pylon.model.PylonException;
import dev.pylon.schema.Diagnostic;
import dev.pylon.schema.Manifest;
import dev.pylon.schema.SchemaOperation;
import dev.pylon.server.http.HttpError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings a server in step with the files of its project: settings, then the entry, then the
 * functions, as far as a change touches them. What cannot be loaded leaves the old in place.
 * Confined to the loop of {@link DevServer}.
 */
final class DevLoad {
  /** Loads of functions for one change, while their files do not come to rest. */
  private static final int TRIES_MAX = 5;

  private final Project project;
  private final Pylon pylon;
  private final EntryBuild entry;
  private final Generated generated;
  private final Supplier<Config> settings;
  private final Changes changes;
  private final Consumer<DevEvent> events;
  private Config config;
  private boolean entryBroken;
  private String manifestText = "";
  private @Nullable Manifest manifest;

  /**
   * Names that functions were ever given from env files: once gone from there, they are taken back.
   */
  private final Set<String> given = new TreeSet<>();

  DevLoad(
      Config config,
      Pylon pylon,
      EntryBuild entry,
      Generated generated,
      Supplier<Config> settings,
      Changes changes,
      Consumer<DevEvent> events) {
    this.project = config.project();
    this.config = config;
    this.pylon = pylon;
    this.entry = entry;
    this.generated = generated;
    this.settings = settings;
    this.changes = changes;
    this.events = events;
    given.addAll(config.childEnvironment().keySet());
  }

  /** What one load did, gathered step by step. */
  static final class Outcome {
    private @Nullable Reloaded functions;
    private @Nullable Manifest manifest;
    private List<SchemaOperation> operations = List.of();
    private final List<Diagnostic> errors = new ArrayList<>();

    private void refused(PylonException refusal) {
      var error = Diagnostic.error(refusal.code().name(), refusal.message());
      Object hint = refusal.details().get("hint");
      errors.add(hint == null ? error : error.hint(hint.toString()));
    }

    @Nullable Reloaded functions() {
      return functions;
    }

    @Nullable Manifest manifest() {
      return manifest;
    }

    List<SchemaOperation> operations() {
      return operations;
    }

    List<Diagnostic> errors() {
      return errors;
    }
  }

  /** The configuration that holds now. */
  Config config() {
    return config;
  }

  /** The manifest that is served, null before the first. */
  @Nullable Manifest manifest() {
    return manifest;
  }

  /**
   * What a change is about, the widest first; empty where it is about nothing we load, such as the
   * page of a front end.
   */
  Optional<DevEvent.Reason> reason(Set<Path> files) {
    if (files.stream().anyMatch(file -> EnvFile.isEnvFile(String.valueOf(file.getFileName())))) {
      return Optional.of(DevEvent.Reason.ENV);
    }
    if (files.stream().anyMatch(WatchScope::isOfPackages)) {
      return Optional.of(DevEvent.Reason.PACKAGES);
    }
    if (files.stream().anyMatch(this::isOfEntry)) {
      return Optional.of(DevEvent.Reason.SCHEMA);
    }
    return files.stream().anyMatch(this::isOfFunctions)
        ? Optional.of(DevEvent.Reason.FUNCTIONS)
        : Optional.empty();
  }

  /** While the entry is broken, any file may be the one that mends it. */
  private boolean isOfEntry(Path file) {
    if (file.startsWith(config.functions().directory())) {
      return !pylon.isServing();
    }
    Set<Path> known = entry.imported();
    return entryBroken || known.isEmpty() || known.contains(file);
  }

  /** Likewise: while a function is broken, it may lack this very file. */
  private boolean isOfFunctions(Path file) {
    if (file.startsWith(config.functions().directory())) {
      return true;
    }
    return pylon
        .functions()
        .map(Functions::registry)
        .map(registry -> !registry.failed().isEmpty() || registry.files().contains(file.toString()))
        .orElse(false);
  }

  /** Loads what {@code files} touch; everything at the start and where somebody asked for it. */
  Outcome load(DevEvent.Reason reason, Set<Path> files) throws InterruptedException {
    var outcome = new Outcome();
    if (reason == DevEvent.Reason.ENV) {
      readSettings(outcome);
    }
    if (reason != DevEvent.Reason.FUNCTIONS || !pylon.isServing()) {
      buildEntry(outcome);
    }
    if (reason != DevEvent.Reason.SCHEMA || files.stream().anyMatch(this::isOfFunctions)) {
      loadFunctions(reason, outcome);
    }
    writeClient(outcome);
    return outcome;
  }

  /**
   * Files that functions and the entry import, wherever they are, and a manifest that is not built.
   */
  Set<Path> imported() {
    var imported = new LinkedHashSet<>(entry.imported());
    pylon
        .functions()
        .ifPresent(
            running -> running.registry().files().forEach(file -> imported.add(Path.of(file))));
    if (project.entry() == null) {
      imported.add(project.manifest());
    }
    return imported;
  }

  private void readSettings(Outcome outcome) {
    try {
      Config next = settings.get();
      tellWhatNeedsRestart(config.childEnvironment(), next.childEnvironment());
      config = next;
    } catch (PylonException e) {
      outcome.refused(e);
    }
  }

  private void tellWhatNeedsRestart(Map<String, String> before, Map<String, String> after) {
    List<String> names =
        Settings.ALL.stream()
            .map(Setting::name)
            .filter(name -> !Objects.equals(before.get(name), after.get(name)))
            .toList();
    if (!names.isEmpty()) {
      events.accept(new DevEvent.Notice("Restart needed for the new " + String.join(", ", names)));
    }
  }

  private void buildEntry(Outcome outcome) throws InterruptedException {
    switch (entry.build(config.childEnvironment())) {
      case EntryBuild.Result.Broken(var diagnostics) -> {
        entryBroken = true;
        outcome.errors.addAll(diagnostics);
        refuseWith(diagnostics);
      }
      case EntryBuild.Result.Built(var built, var text) -> {
        entryBroken = false;
        if (!text.equals(manifestText)) {
          provide(built, text, outcome);
          built.warnings().forEach(warning -> events.accept(new DevEvent.Notice(warning.text())));
        }
      }
    }
  }

  private void provide(Manifest built, String text, Outcome outcome) {
    try {
      outcome.operations = pylon.provide(built, "dev");
      outcome.manifest = built;
      manifest = built;
      manifestText = text;
      generated.manifest(text);
    } catch (PylonException e) {
      outcome.refused(
          e.details().containsKey("hint")
              ? e
              : e.with(
                  "hint", "Begin with an empty database: pylon dev --reset; or migrate the rows"));
      refuseWith(outcome.errors);
    }
  }

  /** Where nothing was ever served, callers hear why. */
  private void refuseWith(List<Diagnostic> diagnostics) {
    if (!pylon.isServing()) {
      String first =
          diagnostics.stream()
              .filter(Diagnostic::isError)
              .findFirst()
              .map(Diagnostic::message)
              .orElse("");
      pylon.refuse(
          new PylonException(HttpError.DEV_BUILD_FAILED, "The app could not be built: " + first)
              .with("diagnostics", diagnostics.stream().map(Diagnostic::json).toList()));
    }
  }

  private void loadFunctions(DevEvent.Reason reason, Outcome outcome) throws InterruptedException {
    try {
      outcome.functions =
          reason == DevEvent.Reason.START
              ? pylon.awaitFunctions().orElse(null)
              : reloadFunctions().orElse(null);
    } catch (PylonException e) {
      outcome.refused(e);
    }
  }

  /**
   * Loads functions, again where a file was being written meanwhile: what was read of it then may
   * be nothing, and callers would hear that its function is gone.
   */
  private Optional<Reloaded> reloadFunctions() throws InterruptedException {
    for (int tries = 1; tries < TRIES_MAX; tries++) {
      var torn = new AtomicBoolean();
      Optional<Reloaded> loaded =
          pylon.reload(
              forFunctions(),
              (before, after) -> {
                torn.set(changes.isPending() && isLess(after, before));
                return !torn.get();
              });
      if (!torn.get()) {
        return loaded;
      }
      changes.awaitRest();
    }
    return pylon.reload(forFunctions());
  }

  private static boolean isLess(Registry after, Registry before) {
    return !after.functions().keySet().containsAll(before.functions().keySet());
  }

  private Map<String, @Nullable String> forFunctions() {
    var variables = new HashMap<String, @Nullable String>();
    given.addAll(config.childEnvironment().keySet());
    given.forEach(name -> variables.put(name, config.environment().variables().get(name)));
    variables.putAll(config.childEnvironment());
    return FunctionEnvironment.visible(config, variables);
  }

  private void writeClient(Outcome outcome) {
    Manifest current = manifest;
    if (current == null || (outcome.manifest == null && outcome.functions == null)) {
      return;
    }
    try {
      generated.client(
          current,
          pylon.functions().map(running -> FunctionShape.of(running.registry())).orElse(List.of()));
    } catch (PylonException e) {
      outcome.refused(e);
    }
  }
}
