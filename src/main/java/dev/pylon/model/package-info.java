/**
 * Values everybody speaks: who is calling, how long they may wait, how we refuse, what an id looks
 * like.
 *
 * <p>Immutable and free of services, but for {@link SlidingLog}, which remembers who came; depends
 * on nothing.
 */
@NullMarked
package dev.pylon.model;

import org.jspecify.annotations.NullMarked;
