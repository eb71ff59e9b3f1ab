/**
 * What an application is made of: entities, fields, relations, policies and routes, as its manifest
 * states them, and what has to happen to a database so that it fits.
 *
 * <p>Enter by {@link dev.pylon.schema.Manifest}. Pure values: nothing here touches a database or a
 * file. Keeps the data contract, sections 1 and 2.7.
 */
@NullMarked
package dev.pylon.schema;

import org.jspecify.annotations.NullMarked;
