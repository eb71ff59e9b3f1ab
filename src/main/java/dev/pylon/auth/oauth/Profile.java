package dev.pylon.auth.oauth;

import org.jspecify.annotations.Nullable;

/**
 * Somebody as a provider knows them.
 *
 * @param subject what the provider never gives to anybody else
 * @param email only where the provider has verified that it is theirs
 * @param name as it may be shown
 */
public record Profile(String subject, @Nullable String email, @Nullable String name) {}
