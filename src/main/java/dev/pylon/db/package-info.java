/**
 * A database: sessions, transactions, statements as values, and the questions on which two
 * databases differ.
 *
 * <p>Enter by {@link dev.pylon.db.Database}. The only room that speaks JDBC: connections, result
 * sets and SQL exceptions never leave it. Knows nothing of entities.
 */
@NullMarked
package dev.pylon.db;

import org.jspecify.annotations.NullMarked;
