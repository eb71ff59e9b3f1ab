/**
 * What one asks of a running server on somebody's behalf: call a function, list functions, explain
 * a policy.
 *
 * <p>Enter by {@link dev.pylon.cli.call.CallCommand}. Loads nothing of the server. Keeps the
 * command line contract, 16.
 */
@NullMarked
package dev.pylon.cli.call;

import org.jspecify.annotations.NullMarked;
