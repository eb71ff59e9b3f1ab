package dev.pylon.config;

/**
 * How a server logs.
 *
 * @param level {@code error}, {@code warn}, {@code info} or {@code debug}
 * @param json whether each line is a JSON object
 */
public record LogConfig(String level, boolean json) {}
