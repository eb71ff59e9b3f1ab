/**
 * The durable queue: functions that run later, and again where they fail.
 *
 * <p>Enter by {@link dev.pylon.jobs.JobQueue}. Jobs are rows of {@code _pylon_jobs} in the
 * application's database, so that scheduling commits or rolls back with the mutation that asks for
 * it. Runs a function only through {@link dev.pylon.functions.Functions}. Keeps the services
 * contract, section 1.
 */
@NullMarked
package dev.pylon.jobs;

import org.jspecify.annotations.NullMarked;
