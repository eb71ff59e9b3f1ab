/**
 * Postgres: connections that read and connections that write, lent from two pools, and statements
 * on the threads of whoever asks.
 *
 * <p>Entered by {@code db} and {@code boot} only.
 */
@NullMarked
package dev.pylon.db.postgres;

import org.jspecify.annotations.NullMarked;
