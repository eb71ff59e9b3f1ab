/**
 * The rows of one application: read, write, query, and word of what changed.
 *
 * <p>Enter by {@link dev.pylon.store.Store}. Everybody who changes an application's row comes
 * through here. Knows no engine: it speaks to {@code db}. Keeps the data contract, section 3.
 */
@NullMarked
package dev.pylon.store;

import org.jspecify.annotations.NullMarked;
