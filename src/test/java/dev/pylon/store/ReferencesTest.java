package dev.pylon.store;

import static dev.pylon.store.Manifests.entity;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pylon.model.PylonException;
import dev.pylon.schema.Manifest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReferencesTest {
  /** With as many rows as are looked up together: more ids than one question may have. */
  private static final int FIELDS = 60;

  private static final int ROWS = 200;

  @Test
  void howManyFieldsPointAtOneEntityDoesNotMatter() {
    String[] fields =
        IntStream.range(0, FIELDS)
            .mapToObj(i -> "at%d:id(Spot)?".formatted(i))
            .toArray(String[]::new);
    Manifest manifest = Manifests.of(entity("Tour", fields), entity("Spot", "name:string?"));
    List<SentRow> tours = IntStream.range(0, ROWS).mapToObj(ReferencesTest::tour).toList();
    try (Store store = Stores.sqlite(manifest, 100_000)) {
      PylonException refusal =
          Stores.refusal(() ->
              store.write(
                  Stores.soon(),
                  tx -> {
                    for (Object spot : tours.getFirst().members().values()) {
                      tx.restore("Spot", (String) spot, Map.of());
                    }
                    new References(tx, manifest).require(tours);
                    return true;
                  }));

      assertThat(refusal.code()).isEqualTo(StoreError.REFERENCE_NOT_FOUND);
      assertThat(refusal.details())
          .as("the first tour's spots are there")
          .containsEntry("index", 1L);
    }
  }

  private static SentRow tour(int number) {
    var members = new HashMap<String, Object>();
    IntStream.range(0, FIELDS)
        .forEach(i -> members.put("at" + i, "spot-%d-%d".formatted(number, i)));
    return new SentRow("Tour", number, number + 1, members);
  }
}
