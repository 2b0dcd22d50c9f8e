package distill.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImagesTest {

    private static final Images SET =
            Images.inMemory(1, 1, 1, 3, new byte[] {0, 1, 2, 3, 4, 5, 6}, new byte[] {1, 0, 1, 2, 1, 1, 0});

    @Test
    void ofARareClassOnlyEachSoManyethImageStays() throws DataException {
        assertArrayEquals(new int[] {0, 1, 3, 4, 6}, SET.thinned(1, 2));
        assertArrayEquals(new int[] {0, 1, 3, 6}, SET.thinned(1, 100), "the first at least");
        assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5, 6}, SET.thinned(1, 1));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> SET.thinned(3, 2))
                .getMessage()
                .contains("the classes are 0 to 2, found 3"));
    }

    @Test
    void anEpochsBatchesAreTheFullOnesOfItsOrder() throws DataException {
        EpochOrder order = new EpochOrder(5);
        List<int[]> indices = new ArrayList<>();
        SET.batches(order, 2, 3).forEach(batch -> indices.add(batch.indices()));
        assertEquals(2, indices.size(), "7 images fill 2 batches of 3");
        for (int i = 0; i < 2; i++) {
            assertArrayEquals(order.batches(2, 7, 3).get(i), indices.get(i));
        }
    }

    @Test
    void aSubsetHasTheImagesAndLabelsAtItsIndices() throws DataException {
        Images subset = SET.subset(new int[] {3, 0});
        assertEquals(2, subset.size());
        assertEquals(3, subset.classes().size());
        assertEquals(2, subset.label(0));
        assertEquals(1, subset.label(1));
        assertArrayEquals(new byte[] {3}, subset.image(0));
        assertArrayEquals(new byte[] {0}, subset.image(1));
    }

    /** 7 of class 0, 2 of 1 and 1 of 2: of five 3.5, 1 and .5, of which the remainders of .5 are equal. */
    @Test
    void aSmallerSetHasEveryClassInProportionAndOneOfEachAtLeast() {
        Images images = Images.inMemory(1, 1, 1, 3, new byte[10], new byte[] {0, 0, 1, 0, 0, 2, 0, 0, 1, 0});
        assertArrayEquals(new int[] {3, 1, 1}, images.firstOfEachClass(5).classCounts());
        assertArrayEquals(new int[] {1, 1, 1}, images.firstOfEachClass(3).classCounts());
        assertArrayEquals(new int[] {7, 2, 1}, images.firstOfEachClass(10).classCounts());
        assertThrows(IllegalArgumentException.class, () -> images.firstOfEachClass(2));
    }
}
