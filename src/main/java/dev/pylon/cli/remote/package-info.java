/**
 * A server that runs, as a short command sees it: found, asked over HTTP, its refusals understood.
 *
 * <p>Enter by {@link dev.pylon.cli.remote.Remote}. Plain sockets: a command that asks one question
 * must not wait for a client library to load. Keeps the command line contract, 11 and 12.
 */
@NullMarked
package dev.pylon.cli.remote;

import org.jspecify.annotations.NullMarked;
