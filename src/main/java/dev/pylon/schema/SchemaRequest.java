package dev.pylon.schema;

import dev.pylon.schema.SchemaDiff.Removal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a database.
 *
 * @param manifest what it shall fit
 * @param removal what becomes of what the manifest has no more
 * @param renames in order; those of things that are not there are passed over
 * @param from an earlier manifest: what it declared may be removed; null where the history tells
 */
public record SchemaRequest(
    Manifest manifest, Removal removal, List<Rename> renames, @Nullable Manifest from) {
  public SchemaRequest {
    renames = List.copyOf(renames);
  }

  /** To fit {@code manifest}, with nothing removed. */
  public static SchemaRequest toFit(Manifest manifest) {
    return new SchemaRequest(manifest, Removal.KEEP, List.of(), null);
  }
}
