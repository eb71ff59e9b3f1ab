/**
 * The one JSON reader and writer.
 *
 * <p>Enter by {@link dev.pylon.json.Json}. Values are plain Java: {@code Map} in written order,
 * {@code List}, {@code String}, {@code Boolean}, {@code Long}, {@code Double}, {@code BigInteger}
 * beyond 64 bits, and null; {@link dev.pylon.json.RawJson} is text that is already JSON. Streams
 * only: no object mapping, so that short commands start fast.
 */
@NullMarked
package dev.pylon.json;

import org.jspecify.annotations.NullMarked;
