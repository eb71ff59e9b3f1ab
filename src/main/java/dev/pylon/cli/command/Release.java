package dev.pylon.cli.command;

/** Which pylon this is. */
public final class Release {
  private Release() {}

  /** The version of this pylon; {@code 0} where it was not packed. */
  public static String version() {
    String version = Release.class.getPackage().getImplementationVersion();
    return version == null ? "0" : version;
  }
}
