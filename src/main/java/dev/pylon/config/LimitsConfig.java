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
 */
public record LimitsConfig(
    int connections,
    int requests,
    Duration headerTimeout,
    Duration bodyTimeout,
    Duration idleTimeout) {}
