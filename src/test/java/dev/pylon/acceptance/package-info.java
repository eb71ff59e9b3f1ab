/**
 * Whole servers in this process, held to section 20 of the functions contract and to what hostile
 * handlers try. {@code Server} starts one.
 */
@NullMarked
package dev.pylon.acceptance;

import org.jspecify.annotations.NullMarked;
