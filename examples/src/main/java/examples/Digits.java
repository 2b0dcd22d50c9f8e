package examples;

import distill.data.DataSet;
import distill.data.Mnist;
import java.io.IOException;

/** What the examples train on, and for how long; -Dquick=true makes it a small cut. */
final class Digits {

    private static final boolean QUICK = Boolean.getBoolean("quick");

    static final int EPOCHS = QUICK ? 2 : 6;

    private Digits() {}

    /** MNIST where it is found, else drawn digits in its place. */
    static DataSet load() throws IOException {
        DataSet digits = Mnist.find().orElseGet(() -> Mnist.generate(6_000, 1_000));
        return QUICK
                ? new DataSet(digits.train().first(2_000), digits.test().first(1_000), digits.origin())
                : digits;
    }

    /** The last twelfth of the training images in the test images' place, to choose by, and the others to train on. */
    static DataSet withValidation(DataSet digits) {
        return Mnist.withValidation(digits, digits.train().size() / 12);
    }
}
