package dev.pylon.functions;

/**
 * A finished call.
 *
 * @param queueMillis waiting for a runtime and, for a mutation, for the writers before it
 * @param runMillis from sending the call to its answer
 * @param dbMillis of that, the sum of its operations
 * @param tookRuntimeDown whether its runtime ended under it, and nobody else is known to have ended
 *     that
 */
public record CallOutcome(
    String callId,
    Answer answer,
    double queueMillis,
    double runMillis,
    double dbMillis,
    double commitMillis,
    boolean tookRuntimeDown) {}
