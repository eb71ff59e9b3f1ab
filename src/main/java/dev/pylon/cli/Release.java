package dev.pylon.cli;

/** Which pylon this is. */
final class Release {
  private Release() {}

  /** The version of this pylon; {@code 0} where it was not packed. */
  static String version() {
    String version = Release.class.getPackage().getImplementationVersion();
    return version == null ? "0" : version;
  }
}
