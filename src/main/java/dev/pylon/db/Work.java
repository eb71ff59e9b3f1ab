package dev.pylon.db;

/** Work with a session, which it must not keep. */
@FunctionalInterface
public interface Work<R, X extends Exception> {
  R run(Session session) throws X;
}
