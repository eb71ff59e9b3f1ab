/**
 * Values everybody speaks: who is calling, how long they may wait, how we refuse, what an id looks
 * like.
 *
 * <p>Immutable and free of services; depends on nothing.
 */
@NullMarked
package dev.pylon.model;

import org.jspecify.annotations.NullMarked;
