package dev.pylon.boot;

import dev.pylon.config.Config;
import dev.pylon.config.Project;
import dev.pylon.functions.Functions;
import dev.pylon.functions.protocol.FunctionKind;
import dev.pylon.functions.runtime.Registry;
import dev.pylon.schema.Manifest;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What there is to know of a running server (command line contract, 11.1).
 *
 * @param mode {@code dev} or {@code serve}
 * @param startedAt ISO, UTC
 * @param adminToken for local tools; null in {@code serve}
 * @param db for people: the file or the URL without its password
 * @param entities how many the manifest declares
 * @param policies likewise
 * @param queries functions of that kind; likewise mutations and actions
 */
public record DevFacts(
    String instance,
    String mode,
    long pid,
    String startedAt,
    String url,
    int port,
    @Nullable String adminToken,
    String app,
    String appVersion,
    String entry,
    String root,
    String db,
    @Nullable String bun,
    int entities,
    int policies,
    int queries,
    int mutations,
    int actions,
    int failed) {

  /**
   * Those of {@code pylon} as it is now.
   *
   * @param manifest null before the first one
   */
  static DevFacts of(
      Config config,
      Pylon pylon,
      @Nullable Manifest manifest,
      @Nullable String adminToken,
      String startedAt) {
    Project project = config.project();
    Registry functions = pylon.functions().map(Functions::registry).orElse(Registry.EMPTY);
    return new DevFacts(
        pylon.instance(),
        config.mode().name().toLowerCase(Locale.ROOT),
        ProcessHandle.current().pid(),
        startedAt,
        pylon.url(),
        pylon.port(),
        adminToken,
        manifest == null ? String.valueOf(project.root().getFileName()) : manifest.name(),
        manifest == null ? "" : manifest.version(),
        project.shownEntry(),
        project.root().toString(),
        config.db().shown(),
        functions.bun(),
        manifest == null ? 0 : manifest.entities().size(),
        manifest == null ? 0 : manifest.policies().size(),
        count(functions, FunctionKind.QUERY),
        count(functions, FunctionKind.MUTATION),
        count(functions, FunctionKind.ACTION),
        functions.failed().size());
  }

  private static int count(Registry functions, FunctionKind kind) {
    return (int)
        functions.functions().values().stream().filter(function -> function.kind() == kind).count();
  }

  /** As {@code dev.json} holds them, token included. */
  Map<String, @Nullable Object> file() {
    Map<String, @Nullable Object> json = open();
    var file = new LinkedHashMap<String, @Nullable Object>();
    file.put("version", 1);
    json.forEach((key, value) -> {
      file.put(key, value);
      if (key.equals("ports")) {
        file.put("adminToken", adminToken);
      }
    });
    return file;
  }

  /** The same for everybody to see. */
  public Map<String, @Nullable Object> open() {
    var ports = new LinkedHashMap<String, @Nullable Object>();
    ports.put("http", port);
    ports.put("ws", null);
    ports.put("sse", null);
    ports.put("shard", null);
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("instance", instance);
    json.put("mode", mode);
    json.put("pid", pid);
    json.put("startedAt", startedAt);
    json.put("url", url);
    json.put("wsUrl", null);
    json.put("sseUrl", null);
    json.put("ports", ports);
    json.put("app", app);
    json.put("appVersion", appVersion);
    json.put("entry", entry);
    json.put("root", root);
    json.put("db", db);
    json.put("bun", bun);
    return json;
  }
}
