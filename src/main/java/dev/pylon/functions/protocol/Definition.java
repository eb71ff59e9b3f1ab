package dev.pylon.functions.protocol;

import dev.pylon.json.RawJson;
import org.jspecify.annotations.Nullable;

/**
 * A function as its runtime announces it.
 *
 * @param argsSchema the validator map as sent, null where the function declares none
 * @param internal callable by other functions and jobs only
 * @param timeoutMillis the function's own deadline, null for the server's
 */
public record Definition(
    String name,
    FunctionKind kind,
    @Nullable RawJson argsSchema,
    boolean internal,
    @Nullable Long timeoutMillis,
    @Nullable String description) {}
