package distill.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import distill.nn.zoo.MnistStudent;
import distill.nn.zoo.MnistTeacher;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.ndarray.Shape;

class NetworkTest {

    @Test
    void theTeachersSummaryIsFigure2OfTheReport() {
        String summary =
                MnistTeacher.buildCnn(new Network.Names(), Activation.SOFTMAX).summary();
        assertEquals(
                """
                Model: "sequential"
                _________________________________________________________________
                 Layer (type)                Output Shape              Param #  \s
                =================================================================
                 conv2d (Conv2D)             (None, 26, 26, 32)        320      \s
                                                                                \s
                 max_pooling2d (MaxPooling2D  (None, 25, 25, 32)       0        \s
                 )                                                              \s
                                                                                \s
                 conv2d_1 (Conv2D)           (None, 23, 23, 64)        18496    \s
                                                                                \s
                 max_pooling2d_1 (MaxPooling  (None, 11, 11, 64)       0        \s
                 2D)                                                            \s
                                                                                \s
                 flatten (Flatten)           (None, 7744)              0        \s
                                                                                \s
                 dropout (Dropout)           (None, 7744)              0        \s
                                                                                \s
                 dense (Dense)               (None, 128)               991360   \s
                                                                                \s
                 dropout_1 (Dropout)         (None, 128)               0        \s
                                                                                \s
                 dense_1 (Dense)             (None, 10)                1290     \s
                                                                                \s
                =================================================================
                Total params: 1,011,466
                Trainable params: 1,011,466
                Non-trainable params: 0
                _________________________________________________________________
                """,
                summary);
    }

    @Test
    void anotherOutputActivationLeavesNamesAndWeightsAsTheyAre() {
        Network softmax = MnistTeacher.buildCnn(new Network.Names(), Activation.SOFTMAX);
        Network linear = MnistTeacher.buildCnn(new Network.Names(), Activation.LINEAR);
        assertEquals(linear, softmax.withOutputActivation(Activation.LINEAR));
        Network pooled = Network.sequential(new Network.Names(), Shape.of(2, 2, 1), new Flatten());
        assertEquals(pooled, pooled.withOutputActivation(Activation.LINEAR));
        Network probabilities = pooled.withOutputActivation(Activation.SOFTMAX);
        assertEquals(
                List.of("flatten", "flatten_softmax"),
                probabilities.layers().stream().map(Network.NamedLayer::name).toList());
        assertEquals(Activation.SOFTMAX, probabilities.outputActivation());
        assertEquals(
                Activation.LINEAR,
                probabilities.withOutputActivation(Activation.LINEAR).outputActivation());
    }

    @Test
    void aSummaryOfLayersThatAreNotInARowSaysWhatEachTakesAsKerasDoes() {
        Network.Functional model = new Network.Functional(Shape.of(4, 4, 2));
        int first = model.add("first", new Conv2D(2, 1, Activation.RELU), Network.INPUT);
        model.add("sum", new Add(), first, Network.INPUT);
        List<String> lines =
                model.build("m").summary().lines().map(String::stripTrailing).toList();
        assertEquals("_".repeat(98), lines.get(1));
        assertEquals(
                List.of(
                        " Layer (type)                   Output Shape         Param #     Connected to",
                        " input_1 (InputLayer)           [(None, 4, 4, 2)]    0           []",
                        " first (Conv2D)                 (None, 4, 4, 2)      6           ['input_1[0][0]']",
                        " sum (Add)                      (None, 4, 4, 2)      0           ['first[0][0]',",
                        "                                                                  'input_1[0][0]']",
                        "Total params: 6",
                        "Trainable params: 6",
                        "Non-trainable params: 0"),
                lines.stream()
                        .filter(line -> line.contains("  ") || line.contains("params"))
                        .toList());
    }

    @Test
    void namesContinueFromTeacherToStudentAsInOneKerasSession() {
        Network.Names names = new Network.Names();
        MnistTeacher.buildCnn(names, Activation.SOFTMAX);
        Network student = MnistStudent.buildFc(names, Activation.SOFTMAX);
        assertEquals("sequential_1", student.name());
        assertEquals(
                List.of("flatten_1", "dense_2", "dense_3", "dense_4"),
                student.layers().stream().map(Network.NamedLayer::name).toList());
    }

    @Test
    void theStudentHasTheReportsParameters() {
        Network student = MnistStudent.buildFc(new Network.Names(), Activation.LINEAR);
        assertEquals(1_238_730, student.parameters());
        assertEquals(
                List.of(0L, 615_440L, 615_440L, 7_850L),
                student.layers().stream().map(Network.NamedLayer::parameters).toList());
    }

    @Test
    void weightsHaveKerassNamesOrderAndShapes() {
        List<WeightSpec> weights =
                MnistTeacher.buildCnn(new Network.Names(), Activation.SOFTMAX).weights();
        assertEquals(
                List.of(
                        "conv2d/kernel",
                        "conv2d/bias",
                        "conv2d_1/kernel",
                        "conv2d_1/bias",
                        "dense/kernel",
                        "dense/bias",
                        "dense_1/kernel",
                        "dense_1/bias"),
                weights.stream().map(WeightSpec::name).toList());
        assertEquals(
                List.of(
                        Shape.of(3, 3, 1, 32),
                        Shape.of(32),
                        Shape.of(3, 3, 32, 64),
                        Shape.of(64),
                        Shape.of(7744, 128),
                        Shape.of(128),
                        Shape.of(128, 10),
                        Shape.of(10)),
                weights.stream().map(WeightSpec::shape).toList());
    }

    @Test
    void aConvolutionOfNumbersInARowSaysThatItTakesImages() {
        IllegalArgumentException error = assertThrows(
                IllegalArgumentException.class,
                () -> Network.sequential(new Network.Names(), Shape.of(784), new Conv2D(2, 3, Activation.LINEAR)));
        assertEquals("Conv2D takes images of (height, width, channels), found the shape [784]", error.getMessage());
    }
}
