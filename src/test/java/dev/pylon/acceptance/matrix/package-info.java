/**
 * Every endpoint, asked by everybody: a table under {@code src/test/resources/matrix} says what
 * each kind of caller is answered, whose rows they see and which changes follow, and {@code
 * EndpointMatrixContract} asks a whole server on each database. An endpoint without a row fails.
 */
@NullMarked
package dev.pylon.acceptance.matrix;

import org.jspecify.annotations.NullMarked;
