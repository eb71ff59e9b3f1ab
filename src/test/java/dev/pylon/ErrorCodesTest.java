package dev.pylon;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import dev.pylon.model.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Gathers every way the house refuses: a code is part of the protocol, and so is its status. */
class ErrorCodesTest {
  @Test
  void theCodesAreThePublishedOnes() throws IOException {
    var ours = new TreeSet<String>();
    for (ErrorCode code : codes()) {
      ours.add(code.name() + " " + code.status());
    }

    assertThat(ours).isEqualTo(new TreeSet<>(published()));
  }

  @Test
  void oneCodeHasOneStatusWhicheverRoomRefuses() {
    var statuses = new TreeMap<String, Integer>();
    for (ErrorCode code : codes()) {
      assertThat(
              Objects.requireNonNullElse(statuses.put(code.name(), code.status()), code.status()))
          .as(code.name())
          .isEqualTo(code.status());
    }
  }

  @Test
  void codesAreWrittenInUpperSnakeCase() {
    assertThat(codes()).allSatisfy(code -> assertThat(code.name()).matches("[A-Z][A-Z0-9_]+"));
  }

  private static List<ErrorCode> codes() {
    List<ErrorCode> codes =
        House.CLASSES.stream()
            .filter(type -> type.isEnum() && type.isAssignableTo(ErrorCode.class))
            .map(JavaClass::reflect)
            .flatMap(type -> List.of(type.getEnumConstants()).stream())
            .map(ErrorCode.class::cast)
            .toList();
    assertThat(codes).hasSizeGreaterThan(30);
    return codes;
  }

  private static List<String> published() throws IOException {
    try (InputStream list =
        Objects.requireNonNull(ErrorCodesTest.class.getResourceAsStream("error-codes.txt"))) {
      return new String(list.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
