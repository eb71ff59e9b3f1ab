/** Requests and responses as values, and the one shape of an error. Knows no Undertow. */
@NullMarked
package dev.pylon.server.http;

import org.jspecify.annotations.NullMarked;
