/**
 * SQLite: one connection that writes, several that read, each on a thread of its own.
 *
 * <p>Entered by {@code db} and {@code boot} only.
 */
@NullMarked
package dev.pylon.db.sqlite;

import org.jspecify.annotations.NullMarked;
