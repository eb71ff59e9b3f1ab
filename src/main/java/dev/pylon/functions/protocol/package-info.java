/**
 * The lines between host and runtime, as values, and their codec (functions contract, section 2).
 *
 * <p>{@code src/main/ts/runtime/protocol.ts} says the same in TypeScript; both are held to the
 * transcripts under {@code src/test/resources/transcripts}.
 */
@NullMarked
package dev.pylon.functions.protocol;

import org.jspecify.annotations.NullMarked;
