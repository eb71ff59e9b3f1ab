/**
 * Who is calling.
 *
 * <p>Enter by {@link dev.pylon.auth.Auth}. Knows the admin token and the token of this start of the
 * dev server; everybody else is anonymous.
 */
@NullMarked
package dev.pylon.auth;

import org.jspecify.annotations.NullMarked;
