package distill.data;

import java.nio.file.Files;
import java.nio.file.Path;

/** How a place has images and labels. */
enum Layout {
    /** MNIST's four IDX files, or an .npz file. */
    MNIST,
    /** CIFAR's binary files. */
    CIFAR,
    /** MHIST's {@code annotations.csv} and {@code images/}. */
    MHIST,
    /** A folder for each class. */
    CLASS_FOLDERS,
    /** None that is known. */
    UNKNOWN;

    /** What an error adds that says which files of a layout are missing. */
    static final String OTHERS = "; docs/files.md has the layouts";

    /** The layout of a place. Only names are looked at. */
    static Layout of(Path place) throws DataException {
        if (Files.isRegularFile(place)) {
            return MNIST;
        }
        if (!Files.isDirectory(place)) {
            return UNKNOWN;
        }
        if (Files.exists(place.resolve(MhistReader.ANNOTATIONS))) {
            return MHIST;
        }
        if (Mnist.hasSome(place)) {
            return MNIST;
        }
        if (Cifar.hasSome(place)) {
            return CIFAR;
        }
        return ClassFolders.isOne(place) ? CLASS_FOLDERS : UNKNOWN;
    }
}
