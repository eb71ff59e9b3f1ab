package dev.pylon.config;

import dev.pylon.model.ErrorCode;

/**
 * How settings are refused. Nobody meets these over HTTP; the command line turns them into exit
 * statuses.
 */
public enum ConfigError implements ErrorCode {
  /** An option's value is wrong: exit 64. */
  INVALID_OPTION(400),
  /** A variable's value is wrong, or an env file cannot be read: exit 1. */
  INVALID_SETTING(500),
  /** Nothing to serve and none named: exit 64. */
  DEV_NO_ENTRY(400),
  START_NO_ENTRY(400),
  /** Several apps and none named: exit 64. */
  AMBIGUOUS_ENTRY(400),
  /** The entry that was named is not there: exit 1. */
  DEV_ENTRY_NOT_FOUND(404),
  START_ENTRY_NOT_FOUND(404),
  /** What must not be served outside dev mode: exit 1. */
  CORS_ORIGIN_REQUIRED(500),
  UNSAFE_SETTING(500);

  private final int status;

  ConfigError(int status) {
    this.status = status;
  }

  @Override
  public int status() {
    return status;
  }
}
