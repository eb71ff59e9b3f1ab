package dev.pylon.boot;

import dev.pylon.schema.Manifest;
import java.util.List;

/** Writes the typed client of an app. Said here, answered by the room that generates code. */
@FunctionalInterface
public interface ClientSource {
  /** The whole file. Equal input gives equal text. */
  String text(Manifest manifest, List<FunctionShape> functions);
}
