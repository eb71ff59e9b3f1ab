/**
 * What the server counts, and how it tells operators.
 *
 * <p>Enter by {@link dev.pylon.server.metrics.RequestCounts}, which counts as requests go by, and
 * {@link dev.pylon.server.metrics.PrometheusText}, which is loaded by the first one who asks. Only
 * this room knows Micrometer. Keeps the services contract, 10.5.
 */
@NullMarked
package dev.pylon.server.metrics;

import org.jspecify.annotations.NullMarked;
