/**
 * Random operations on every database and on a plain model of the contract, which must all give the
 * same answers.
 *
 * <p>{@code ModelStore} and its parts are written from the data contract, sections 2 and 3, and
 * share nothing with the store but the manifest and the codes of refusals.
 */
@NullMarked
package dev.pylon.store.differential;

import org.jspecify.annotations.NullMarked;
