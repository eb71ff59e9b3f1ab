/**
 * The command line: a class per verb parses options, calls one thing, prints and exits.
 *
 * <p>Enter by {@link dev.pylon.cli.Main}. Short commands load nothing of the server.
 */
@NullMarked
package dev.pylon.cli;

import org.jspecify.annotations.NullMarked;
