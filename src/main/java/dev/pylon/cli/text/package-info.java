/**
 * How values read on a terminal: colours and signs, lengths of time, JSON on several lines.
 *
 * <p>Functions of their arguments, without a stream. Keeps the command line contract, 16.3 and 18.
 */
@NullMarked
package dev.pylon.cli.text;

import org.jspecify.annotations.NullMarked;
