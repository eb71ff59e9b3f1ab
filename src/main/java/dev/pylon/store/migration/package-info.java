/**
 * Brings the tables of a database in step with a manifest, and remembers what was done.
 *
 * <p>Enter by {@link dev.pylon.store.migration.SchemaPush}. What to do is decided by {@code
 * schema}, which knows no database; here it is asked of the rows, done, and written down. Keeps the
 * data contract, 2.2 to 2.8.
 */
@NullMarked
package dev.pylon.store.migration;

import org.jspecify.annotations.NullMarked;
