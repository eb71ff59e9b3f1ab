/** The guards of the house: what no reviewer catches reliably. */
@NullMarked
package dev.pylon;

import org.jspecify.annotations.NullMarked;
