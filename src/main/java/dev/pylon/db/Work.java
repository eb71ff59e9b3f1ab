package dev.pylon.db;

import org.jspecify.annotations.Nullable;

/** Work with a session, which it must not keep. */
@FunctionalInterface
public interface Work<R extends @Nullable Object, X extends Exception> {
  R run(Session session) throws X;
}
