/**
 * Settings: flags, environment and files, read once.
 *
 * <p>The only room that asks the process for its environment ({@link
 * dev.pylon.config.Environment}); everybody else is handed what was found.
 */
@NullMarked
package dev.pylon.config;

import org.jspecify.annotations.NullMarked;
