package dev.pylon.config;

import dev.pylon.model.PylonException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every setting is for one of the commands, and where that comes from: {@code pylon config
 * show} and {@code pylon env}. Secrets are masked.
 *
 * @param settings in the order of the manual
 * @param warnings as the command itself would give
 * @param refusals why it would not start; empty where it would
 */
public record ConfigReport(List<Line> settings, List<String> warnings, List<String> refusals) {
  /** Stands for a secret, however long. */
  private static final String MASK = "***";

  public ConfigReport {
    settings = List.copyOf(settings);
    warnings = List.copyOf(warnings);
    refusals = List.copyOf(refusals);
  }

  /**
   * One setting.
   *
   * @param value as it would be typed; null where it is unset and has no default
   * @param standard the default likewise
   * @param file the env file that says so, where one does
   * @param unit what a number counts, or empty
   */
  public record Line(
      String name,
      @Nullable String value,
      @Nullable String standard,
      Origin.Place place,
      @Nullable Path file,
      String unit,
      String sentence,
      boolean secret) {

    /** Whether somebody set it. */
    public boolean isSet() {
      return place != Origin.Place.DEFAULT;
    }

    /** Where its value comes from, in a few words. */
    public String origin() {
      return new Origin(place, file).toString();
    }
  }

  /** What {@code mode} would work with in {@code environment}. */
  public static ConfigReport of(Environment environment, Config.Mode mode) {
    boolean dev = mode == Config.Mode.DEV;
    List<EnvFile> files = dev ? EnvFile.near(environment.directory()) : List.of();
    var settings = new Resolver(Map.of(), environment, files, dev);
    var refusals = new ArrayList<String>();
    var lines = new ArrayList<Line>();
    for (Setting<?> setting : Settings.all(settings.names())) {
      lines.add(line(settings, setting, refusals));
    }
    var warnings = new ArrayList<String>();
    if (refusals.isEmpty()) {
      Safety.refusals(settings).forEach(refusal -> refusals.add(refusal.message()));
      warnings.addAll(Config.warnings(settings, mode));
    }
    return new ConfigReport(lines, warnings, refusals);
  }

  private static <T> Line line(Resolver settings, Setting<T> setting, List<String> refusals) {
    Origin origin = settings.origin(setting);
    @Nullable String value = null;
    try {
      value = settings.find(setting).map(Kind::shown).filter(text -> !text.isEmpty()).orElse(null);
    } catch (PylonException e) {
      refusals.add(e.message());
    }
    return new Line(
        setting.name(),
        value == null ? null : setting.secret() ? MASK : withoutPassword(value),
        settings.unset(setting).map(Kind::shown).filter(text -> !text.isEmpty()).orElse(null),
        origin.place(),
        origin.file(),
        setting.unit(),
        setting.sentence(),
        setting.secret());
  }

  /** A path may be the address of a database. */
  private static String withoutPassword(String value) {
    return value.contains("://") && value.contains("@")
        ? new DbConfig(null, value, false, 1).shown()
        : value;
  }
}
