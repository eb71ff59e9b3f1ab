/**
 * What every verb of the command line is made of: what may be typed, what was typed, where to
 * speak, and how to end.
 *
 * <p>Enter by {@link dev.pylon.cli.command.Command}: it describes itself to a {@link
 * dev.pylon.cli.command.Syntax} and runs an {@link dev.pylon.cli.command.Invocation}. Knows no
 * verb. Keeps the command line contract, 13 and 18.
 */
@NullMarked
package dev.pylon.cli.command;

import org.jspecify.annotations.NullMarked;
