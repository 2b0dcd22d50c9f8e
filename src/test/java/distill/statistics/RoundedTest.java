package distill.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import org.junit.jupiter.api.Test;

class RoundedTest {

    @Test
    void whatRoundsToZeroHasNoSign() {
        assertEquals("0.00", Rounded.signed(.004));
        assertEquals("0.00", Rounded.signed(-.004));
        assertEquals("0.00", Rounded.signed(-0.));
        assertEquals("0", Rounded.text("%.0f", -.4));
        assertEquals("0.000", Rounded.text("%.3f", -.0004));
    }

    @Test
    void whatDoesNotKeepsIt() {
        assertEquals("+0.01", Rounded.signed(.006));
        assertEquals("-0.01", Rounded.signed(-.006));
        assertEquals("-0.40", Rounded.text("%.2f", -.4));
        assertEquals("0.40", Rounded.text("%.2f", .4));
    }

    @Test
    void theDecimalPointIsAPointInEveryCountry() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertEquals("+0.71", Rounded.signed(.71));
        } finally {
            Locale.setDefault(before);
        }
    }
}
