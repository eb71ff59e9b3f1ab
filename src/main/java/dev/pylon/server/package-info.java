/**
 * Undertow, its listeners, and the way of a request from bytes to bytes.
 *
 * <p>Enter by {@link dev.pylon.server.HttpServer}. Bodies are received and answers written on the
 * connection's I/O thread; in between a request is a plain method call on a virtual thread.
 */
@NullMarked
package dev.pylon.server;

import org.jspecify.annotations.NullMarked;
