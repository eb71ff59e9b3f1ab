package dev.pylon.cli.codegen;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A function a client may call.
 *
 * @param kind {@code query}, {@code mutation} or {@code action}
 * @param args its validators by argument name, as the runtime announced them; null where it takes
 *     anything
 */
record ClientFunction(String name, String kind, @Nullable Map<String, @Nullable Object> args) {}
