/**
 * Child processes: start, pipes, end.
 *
 * <p>Enter by {@link dev.pylon.process.Child}. Standard output is protocol and is split into lines,
 * standard error is log, standard input has one writer. A child's end is an event. Nobody else in
 * the house starts processes.
 */
@NullMarked
package dev.pylon.process;

import org.jspecify.annotations.NullMarked;
