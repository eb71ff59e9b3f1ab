package dev.pylon.auth;

import dev.pylon.model.Identity;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the door before anybody knows who they will turn out to be.
 *
 * @param identity by what they presented
 * @param address of the client
 * @param userAgent what the client says it is
 * @param device the token of a trusted device, good or not; null where none was presented
 */
public record Visitor(
    Identity identity, String address, @Nullable String userAgent, @Nullable String device) {}
