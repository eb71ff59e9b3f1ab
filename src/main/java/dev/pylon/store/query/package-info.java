/**
 * The query tree, parsed once from JSON, and its one compiler to statements. Pure.
 *
 * <p>Entered by {@code store}, and by {@code policy}, whose read rules become conditions. Keeps the
 * data contract, section 3.3.
 */
@NullMarked
package dev.pylon.store.query;

import org.jspecify.annotations.NullMarked;
