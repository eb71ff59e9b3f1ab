/** One class per area; each method one endpoint, thin. */
@NullMarked
package dev.pylon.server.routes;

import org.jspecify.annotations.NullMarked;
