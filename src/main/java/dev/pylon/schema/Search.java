package dev.pylon.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What full-text search covers of an entity. */
public record Search(
    List<String> text, List<String> facets, List<String> sortable, @Nullable String language) {
  public Search {
    text = List.copyOf(text);
    facets = List.copyOf(facets);
    sortable = List.copyOf(sortable);
  }

  /** Whether nothing is searchable. */
  public boolean isEmpty() {
    return text.isEmpty() && facets.isEmpty() && sortable.isEmpty();
  }
}
