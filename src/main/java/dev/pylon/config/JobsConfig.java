package dev.pylon.config;

import java.time.Duration;

/**
 * How jobs run.
 *
 * @param workers jobs that run at once
 * @param retention how long jobs that have ended are kept
 */
public record JobsConfig(int workers, Duration retention) {}
