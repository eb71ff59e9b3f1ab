package dev.pylon.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a setting's value came from.
 *
 * @param file the env file, where it was one
 */
public record Origin(Place place, @Nullable Path file) {

  /** The places, strongest first. */
  public enum Place {
    FLAG,
    ENVIRONMENT,
    ENV_FILE,
    DEFAULT
  }

  static final Origin FLAG = new Origin(Place.FLAG, null);
  static final Origin ENVIRONMENT = new Origin(Place.ENVIRONMENT, null);
  static final Origin DEFAULT = new Origin(Place.DEFAULT, null);

  static Origin file(Path file) {
    return new Origin(Place.ENV_FILE, file);
  }

  /**
   * In a few words: {@code the command line}, {@code the environment}, {@code .env.local}, {@code
   * default}.
   */
  @Override
  public String toString() {
    return switch (place) {
      case FLAG -> "the command line";
      case ENVIRONMENT -> "the environment";
      case ENV_FILE -> file == null ? "an env file" : String.valueOf(file.getFileName());
      case DEFAULT -> "default";
    };
  }
}
