/**
 * {@code pylon dev} and {@code pylon serve}: the verbs that stay.
 *
 * <p>Enter by {@link dev.pylon.cli.dev.DevCommand}. What is shown is a {@link
 * dev.pylon.cli.dev.DevView}, on a terminal or in lines; its words come from {@code cli.console}.
 * Keeps the command line contract, 14 and 15.
 */
@NullMarked
package dev.pylon.cli.dev;

import org.jspecify.annotations.NullMarked;
