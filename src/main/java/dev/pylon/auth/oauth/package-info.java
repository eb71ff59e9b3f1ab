/**
 * Other providers that people sign in with: OpenID Connect, and GitHub.
 *
 * <p>Enter by {@link dev.pylon.auth.oauth.Provider}: where to send somebody, and who came back with
 * a code. Knows neither HTTP requests to us nor users; what becomes of a profile is for {@code
 * auth} to say. Tokens of a provider are used once, for the profile, and kept nowhere.
 */
@NullMarked
package dev.pylon.auth.oauth;

import org.jspecify.annotations.NullMarked;
