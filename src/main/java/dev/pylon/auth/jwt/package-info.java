/**
 * JSON web tokens: those we make, and those of an issuer we are told to trust.
 *
 * <p>Enter by {@link dev.pylon.auth.jwt.Bearers}. The library for tokens ends here, and is loaded
 * by the first token that comes. Never believes what a token says of its own signature: which
 * algorithms are good, and whose keys, is decided before it is read.
 */
@NullMarked
package dev.pylon.auth.jwt;

import org.jspecify.annotations.NullMarked;
