package dev.pylon.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EditDistanceTest {
  @ParameterizedTest
  @CsvSource({"ab,ba,1", "kitten,sitting,3", "'',abc,3", "same,same,0", "ca,abc,3"})
  void countsSteps(String a, String b, int steps) {
    assertThat(EditDistance.between(a, b)).isEqualTo(steps);
  }
}
