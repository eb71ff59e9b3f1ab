/**
 * Runs server functions: finds them, limits them, lends each call a runtime, and answers it.
 *
 * <p>Enter by {@link dev.pylon.functions.Functions}. Knows nothing of HTTP: whoever calls decides
 * how the answer travels. Keeps the functions contract, sections 2 to 8.
 */
@NullMarked
package dev.pylon.functions;

import org.jspecify.annotations.NullMarked;
