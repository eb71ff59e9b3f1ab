/**
 * What a second factor is made of: codes that follow the time, and how their secrets are kept.
 *
 * <p>Enter by {@link dev.pylon.auth.factors.Totp} and {@link dev.pylon.auth.factors.Seal}. Knows
 * neither people nor tables. Keeps RFC 6238.
 */
@NullMarked
package dev.pylon.auth.factors;

import org.jspecify.annotations.NullMarked;
