/**
 * One child that runs functions, the pool of them, their handshake and their supervision.
 *
 * <p>Event-driven inside, behind the sequential front door {@link
 * dev.pylon.functions.runtime.RuntimePool}. Entered by {@code functions} and {@code boot} only.
 */
@NullMarked
package dev.pylon.functions.runtime;

import org.jspecify.annotations.NullMarked;
