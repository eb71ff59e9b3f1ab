package dev.pylon.db.sqlite;

import dev.pylon.db.Session;

/** A piece of work for a SQLite thread. Must not throw. */
@FunctionalInterface
interface Task {
  void run(Session session);
}
