/**
 * The servers of others: providers who say who somebody is, those who take letters, and models.
 *
 * <p>Enter by {@link dev.pylon.outbound.Remote}, the only one in the house who asks over HTTP.
 * Knows nothing of what is asked. Never waits without a deadline, reads without a bound, or goes
 * where an answer points.
 */
@NullMarked
package dev.pylon.outbound;

import org.jspecify.annotations.NullMarked;
