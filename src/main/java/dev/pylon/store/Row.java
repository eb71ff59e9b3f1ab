package dev.pylon.store;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A stored row: {@code id}, then the fields in the order of the manifest. Immutable. All rows of an
 * entity share their names, so a large result costs little more than its values.
 */
final class Row extends AbstractMap<String, @Nullable Object> {
  private final Shape shape;
  private final @Nullable Object[] values;

  /** The names of an entity's columns and where each stands. */
  record Shape(String[] names, Map<String, Integer> positions) {}

  /**
   * @param values one for each name; not copied
   */
  Row(Shape shape, @Nullable Object[] values) {
    this.shape = shape;
    this.values = values;
  }

  String id() {
    return (String) Objects.requireNonNull(values[0]);
  }

  /** The values in the order of the columns. */
  List<@Nullable Object> cells() {
    return Collections.unmodifiableList(Arrays.<@Nullable Object>asList(values));
  }

  @Override
  public @Nullable Object get(Object name) {
    Integer position = shape.positions.get(name);
    return position == null ? null : values[position];
  }

  @Override
  public boolean containsKey(Object name) {
    return shape.positions.containsKey(name);
  }

  @Override
  public int size() {
    return values.length;
  }

  @Override
  public Set<Entry<String, @Nullable Object>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Entry<String, @Nullable Object>> iterator() {
        return new Entries();
      }

      @Override
      public int size() {
        return values.length;
      }
    };
  }

  private final class Entries implements Iterator<Entry<String, @Nullable Object>> {
    private int next;

    @Override
    public boolean hasNext() {
      return next < values.length;
    }

    @Override
    public Entry<String, @Nullable Object> next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      var entry = new SimpleImmutableEntry<>(shape.names[next], values[next]);
      next++;
      return entry;
    }
  }
}
