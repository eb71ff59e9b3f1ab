/** The HTTP surface of an application as an OpenAPI document. */
@NullMarked
package dev.pylon.server.openapi;

import org.jspecify.annotations.NullMarked;
