package dev.pylon.server;

import dev.pylon.server.http.Request;

/** Hears of every request once its answer is on its way. Called on I/O threads: must not block. */
@FunctionalInterface
public interface RequestListener {

  /**
   * Tells of one.
   *
   * @param head the request, without its body
   * @param bytes of the answer's body
   * @param nanos from the request's last header to the answer's last byte
   */
  void answered(Request head, int status, long bytes, long nanos);
}
