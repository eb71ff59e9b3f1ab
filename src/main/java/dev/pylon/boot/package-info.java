/**
 * Assembly: builds every room from a {@link dev.pylon.config.Config}, introduces them to each
 * other, starts and closes them; and, for development, keeps them in step with the project's files.
 *
 * <p>Enter by {@link dev.pylon.boot.Pylon}. Knows no terminal: what happens is told to a listener.
 * Keeps the command line contract, sections 11.1, 14.1, 14.2 and 15.
 */
@NullMarked
package dev.pylon.boot;

import org.jspecify.annotations.NullMarked;
