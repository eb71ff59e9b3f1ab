package dev.pylon.model;

/**
 * One way this server refuses. Each room declares its own in an enum that implements this; the
 * constant's name is the {@code error.code} on the wire, so renaming one changes the protocol.
 */
public interface ErrorCode {

  /** The code as clients see it, in upper snake case. */
  String name();

  /** The HTTP status that usually carries it. */
  int status();
}
