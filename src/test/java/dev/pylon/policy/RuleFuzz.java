package dev.pylon.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/** Whatever text stands in a manifest as a rule: it is read, or refused with the reason. */
class RuleFuzz {
  @FuzzTest(maxDuration = "20s")
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void aRuleIsReadOrRefused(FuzzedDataProvider data) {
    try {
      assertThat(RuleParser.parse(data.consumeRemainingAsString())).isNotNull();
    } catch (RuleSyntaxException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
