/**
 * What {@code pylon dev} shows: events in, lines out.
 *
 * <p>Enter by {@link dev.pylon.cli.console.DevLines} for people and {@link
 * dev.pylon.cli.console.DevJson} for programs; both are functions of events and know no terminal.
 * Only {@link dev.pylon.cli.console.Signals} touches the machine. Keeps the command line contract,
 * 14.1 to 14.3.
 */
@NullMarked
package dev.pylon.cli.console;

import org.jspecify.annotations.NullMarked;
