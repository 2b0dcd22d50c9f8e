package distill.data;

import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * Where {@link Mhist#load} looks when it is given no folder. A record, so that tests need no environment.
 *
 * @param environment the value of an environment variable, or null
 * @param workingDirectory what {@code data/mhist} and {@code ../shared/histology} are relative to
 * @param standInTrain how many training images to generate if no place holds a set
 * @param standInTest how many test images to generate then
 */
public record MhistSources(
        UnaryOperator<String> environment, Path workingDirectory, int standInTrain, int standInTest) {

    private static final int STAND_IN_TRAIN = 640;
    private static final int STAND_IN_TEST = 256;

    /** This process's environment and working directory, and a stand-in that is drawn in a few seconds. */
    public static MhistSources ofThisProcess() {
        return new MhistSources(System::getenv, Path.of(""), STAND_IN_TRAIN, STAND_IN_TEST);
    }
}
