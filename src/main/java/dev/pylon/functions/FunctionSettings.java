package dev.pylon.functions;

import java.time.Duration;

/**
 * How long calls may take, and how often each caller may call each function.
 *
 * @param callTimeout from the slot to the answer, for functions that set none
 * @param queueTimeout how long a mutation waits for the writers before it
 * @param rateMax calls from outside by one caller to one function in any window; 0 means no limit
 */
public record FunctionSettings(
    Duration callTimeout, Duration queueTimeout, int rateMax, Duration rateWindow) {}
