/**
 * The rule language of policies, and the access to rows that obeys it.
 *
 * <p>Enter by {@code Policies}: it reads the rules of a manifest, and judges callers by them. Read
 * rules become part of every question that is asked of the store; writes are judged row by row.
 * Server functions are not judged. Knows nothing of HTTP. Keeps the policy half of the auth and
 * policy contract.
 */
@NullMarked
package dev.pylon.policy;

import org.jspecify.annotations.NullMarked;
