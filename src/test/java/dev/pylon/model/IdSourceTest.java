package dev.pylon.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class IdSourceTest {
  @Test
  void anIdIsFortyHexDigitsOfTimeAndCount() {
    var ids = new IdSource(() -> Instant.ofEpochSecond(1, 5));

    assertThat(ids.rowId()).isEqualTo("0000000000000000000000003b9aca05" + "00000000");
    assertThat(ids.rowId()).isEqualTo("0000000000000000000000003b9aca05" + "00000001");
  }

  @Test
  void theOrderOfIdsIsTheOrderOfTheirMaking() {
    var now = new long[1];
    var ids = new IdSource(() -> Instant.ofEpochSecond(1_767_225_600, now[0]++ / 3));
    var made = new ArrayList<String>();
    for (int i = 0; i < 10_000; i++) {
      made.add(ids.rowId());
    }

    assertThat(made).isSorted().doesNotHaveDuplicates();
  }
}
