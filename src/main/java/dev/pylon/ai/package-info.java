/**
 * Language models of others: what is asked of them, and what they say piece by piece.
 *
 * <p>Enter by {@link dev.pylon.ai.ChatModel}. Knows nothing of who asks. Keeps the functions
 * contract, section 11.3.
 */
@NullMarked
package dev.pylon.ai;

import org.jspecify.annotations.NullMarked;
