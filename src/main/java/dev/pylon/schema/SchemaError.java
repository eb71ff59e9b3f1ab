package dev.pylon.schema;

import dev.pylon.model.ErrorCode;

/** How a manifest or a change of schema is refused. */
public enum SchemaError implements ErrorCode {
  /** The manifest breaks rules; the detail {@code diagnostics} lists every finding. */
  MANIFEST_INVALID(400),
  /** The database cannot be made to fit without losing or breaking data. */
  PUSH_BLOCKED(409),
  /** The database refused a step; nothing was changed. */
  PUSH_FAILED(500),
  /** A file of SQL holds what a migration may not, or is not what was applied. */
  MIGRATION_INVALID(400),
  /** The database refused a statement of a file; nothing of the file was kept. */
  MIGRATION_FAILED(500);

  private final int status;

  SchemaError(int status) {
    this.status = status;
  }

  @Override
  public int status() {
    return status;
  }
}
