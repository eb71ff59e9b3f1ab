/**
 * What each call did and how long it took, in memory.
 *
 * <p>Enter by {@link dev.pylon.trace.Traces}. Knows nothing of how calls run; keeps the functions
 * contract, section 13, and the additions the command line needs.
 */
@NullMarked
package dev.pylon.trace;

import org.jspecify.annotations.NullMarked;
