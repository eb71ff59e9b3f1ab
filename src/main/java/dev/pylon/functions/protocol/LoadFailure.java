package dev.pylon.functions.protocol;

import org.jspecify.annotations.Nullable;

/** A function file that could not be loaded; line and column count from 1. */
public record LoadFailure(
    String name, String file, @Nullable Integer line, @Nullable Integer column, String message) {

  /** True where an import leads nowhere, as Bun says it: a package or a file is not there yet. */
  public boolean isMissingImport() {
    return message.startsWith("Cannot find ");
  }

  /** True where what is missing is a package, which somebody may install. */
  public boolean isMissingPackage() {
    return message.startsWith("Cannot find package ");
  }

  /** {@code functions/a.ts:3:7: message}, as far as it is known. */
  public String text() {
    var place = new StringBuilder(file);
    if (line != null) {
      place.append(':').append(line);
      if (column != null) {
        place.append(':').append(column);
      }
    }
    return place.append(": ").append(message).toString();
  }
}
