package dev.pylon.config;

import java.time.Duration;

/**
 * What clients may take of the listener.
 *
 * @param connections held open at once
 * @param requests answered at once
 * @param headerTimeout for the head of a request
 * @param bodyTimeout for a small body
 * @param idleTimeout between two requests of a connection
 * @param importBytes of the body of an import, which is read as it comes
 */
public record LimitsConfig(
    int connections,
    int requests,
    Duration headerTimeout,
    Duration bodyTimeout,
    Duration idleTimeout,
    long importBytes) {}
