/**
 * Letters to people.
 *
 * <p>Enter by {@link dev.pylon.email.Mailer}, which says what a way to send them must do; who
 * assembles the server chooses one.
 */
@NullMarked
package dev.pylon.email;

import org.jspecify.annotations.NullMarked;
