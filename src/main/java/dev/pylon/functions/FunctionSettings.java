package dev.pylon.functions;

import java.time.Duration;

/**
 * How long calls may take.
 *
 * @param callTimeout from the slot to the answer, for functions that set none
 * @param queueTimeout how long a mutation waits for the writers before it
 */
public record FunctionSettings(Duration callTimeout, Duration queueTimeout) {}
