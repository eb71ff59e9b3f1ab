/** Server-sent events: how text becomes frames that the shipped clients read back exactly. */
@NullMarked
package dev.pylon.server.sse;

import org.jspecify.annotations.NullMarked;
