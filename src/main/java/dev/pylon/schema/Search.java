package dev.pylon.schema;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What full-text search covers of an entity. */
public record Search(
    List<String> text, List<String> facets, List<String> sortable, @Nullable String language) {
  public Search {
    text = List.copyOf(text);
    facets = List.copyOf(facets);
    sortable = List.copyOf(sortable);
  }

  /** The same for all fields but those that {@code hidden} names. */
  Search without(Predicate<String> hidden) {
    Predicate<String> shown = hidden.negate();
    return new Search(
        text.stream().filter(shown).toList(),
        facets.stream().filter(shown).toList(),
        sortable.stream().filter(shown).toList(),
        language);
  }

  /** Whether nothing is searchable. */
  public boolean isEmpty() {
    return text.isEmpty() && facets.isEmpty() && sortable.isEmpty();
  }
}
