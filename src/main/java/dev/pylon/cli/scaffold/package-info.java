/**
 * New projects: the files that {@code pylon init} writes.
 *
 * <p>Enter by {@link dev.pylon.cli.scaffold.Scaffold}. Knows nothing of the terminal.
 */
@NullMarked
package dev.pylon.cli.scaffold;

import org.jspecify.annotations.NullMarked;
