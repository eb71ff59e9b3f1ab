/**
 * Settings: read once from flags, process environment, {@code .env.local}, {@code .env} and
 * defaults, in that order, into immutable records.
 *
 * <p>Enter by {@link dev.pylon.config.Config}; short commands that need a variable or two use
 * {@link dev.pylon.config.Environment} alone. The only room that looks at the process's environment
 * and system properties. Every setting is declared in {@link dev.pylon.config.Settings}.
 */
@NullMarked
package dev.pylon.config;

import org.jspecify.annotations.NullMarked;
