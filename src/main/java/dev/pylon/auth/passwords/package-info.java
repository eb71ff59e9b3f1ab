/**
 * Passwords as they are kept: hashed with Argon2id, and with what earlier systems used, for as long
 * as somebody still signs in with it.
 *
 * <p>Enter by {@link dev.pylon.auth.passwords.PasswordHash}, or by {@link
 * dev.pylon.auth.passwords.Hashing}, which bounds how much of it happens at once. The one place
 * that knows the library.
 */
@NullMarked
package dev.pylon.auth.passwords;

import org.jspecify.annotations.NullMarked;
