package dev.pylon.schema;

import org.jspecify.annotations.Nullable;

/** A page of the front end: metadata only, the server does not serve it. */
public record Route(String path, String mode, @Nullable String query, @Nullable String auth) {}
