package dev.pylon.config;

import java.time.Duration;

/**
 * How much one caller may do.
 *
 * @param max accepted in any window; 0 means no limit
 */
public record RateLimit(int max, Duration window) {}
