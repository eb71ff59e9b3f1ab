/**
 * {@code pylon traces}: what calls did, as lines, as a waterfall, as figures, and as they happen.
 *
 * <p>Enter by {@link dev.pylon.cli.traces.TracesCommand}; {@code pylon call} shows its own trace by
 * {@link dev.pylon.cli.traces.Waterfall}. Keeps the command line contract, 17.
 */
@NullMarked
package dev.pylon.cli.traces;

import org.jspecify.annotations.NullMarked;
