package dev.pylon.schema;

/** From JSON to a {@link Manifest}. */
final class ManifestReader {
  private ManifestReader() {}

  static Manifest.Reading read(byte[] json) {
    throw new UnsupportedOperationException("not yet");
  }
}
