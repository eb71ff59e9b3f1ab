/**
 * Full-text search and facets over the rows of an entity.
 *
 * <p>Entered by {@code store} only. Its tables are derived from the rows and can be made again from
 * them. Keeps the data contract, sections 2.4 and 3.7.
 */
@NullMarked
package dev.pylon.store.search;

import org.jspecify.annotations.NullMarked;
