package dev.pylon.functions.protocol;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a handler asked of the store (functions contract, 3.1). */
public sealed interface DbOp {

  /** The operation's name on the wire and in traces. */
  String name();

  /** The entity it is about; empty for a graph query. */
  String entity();

  /** The row it names, for traces. */
  default @Nullable String rowId() {
    return null;
  }

  /** Whether it may change rows. */
  boolean writes();

  /** An operation that only reads. */
  sealed interface Read extends DbOp {
    @Override
    default boolean writes() {
      return false;
    }
  }

  /** An operation that may change rows. */
  sealed interface Write extends DbOp {
    @Override
    default boolean writes() {
      return true;
    }
  }

  record Get(String entity, String id) implements Read {
    @Override
    public String name() {
      return "get";
    }

    @Override
    public String rowId() {
      return id;
    }
  }

  record All(String entity) implements Read {
    @Override
    public String name() {
      return "list";
    }
  }

  /** {@code limit} is 1 to 1,000. */
  record Paginate(String entity, @Nullable String after, int limit) implements Read {
    @Override
    public String name() {
      return "paginate";
    }
  }

  record Lookup(String entity, String field, @Nullable Object value) implements Read {
    @Override
    public String name() {
      return "lookup";
    }
  }

  record Query(String entity, Map<String, @Nullable Object> filter) implements Read {
    @Override
    public String name() {
      return "query";
    }
  }

  record Graph(Map<String, @Nullable Object> query) implements Read {
    @Override
    public String name() {
      return "query_graph";
    }

    @Override
    public String entity() {
      return "";
    }
  }

  record Search(String entity, Map<String, @Nullable Object> spec) implements Read {
    @Override
    public String name() {
      return "search";
    }
  }

  record Insert(String entity, Map<String, @Nullable Object> row) implements Write {
    @Override
    public String name() {
      return "insert";
    }
  }

  record InsertMany(String entity, List<Map<String, @Nullable Object>> rows) implements Write {
    @Override
    public String name() {
      return "insert_many";
    }
  }

  record Update(String entity, String id, Map<String, @Nullable Object> patch) implements Write {
    @Override
    public String name() {
      return "update";
    }

    @Override
    public String rowId() {
      return id;
    }
  }

  record Delete(String entity, String id) implements Write {
    @Override
    public String name() {
      return "delete";
    }

    @Override
    public String rowId() {
      return id;
    }
  }

  record Link(String entity, String id, String relation, String targetId) implements Write {
    @Override
    public String name() {
      return "link";
    }

    @Override
    public String rowId() {
      return id;
    }
  }

  record Unlink(String entity, String id, String relation) implements Write {
    @Override
    public String name() {
      return "unlink";
    }

    @Override
    public String rowId() {
      return id;
    }
  }
}
