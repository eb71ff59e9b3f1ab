/**
 * Who is calling, and how one becomes somebody: tokens, sessions, guests, tenants.
 *
 * <p>Enter by {@link dev.pylon.auth.Auth}, which tells whom a token belongs to, and by {@link
 * dev.pylon.auth.Accounts}, where people sign in. Tokens are kept as hashes only, in tables of our
 * own ({@link dev.pylon.auth.Vault}); users are rows of the application and are written like any
 * other. Knows nothing of HTTP. Keeps the auth half of the auth and policy contract.
 */
@NullMarked
package dev.pylon.auth;

import org.jspecify.annotations.NullMarked;
