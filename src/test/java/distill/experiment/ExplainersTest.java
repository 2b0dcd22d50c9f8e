package distill.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import distill.data.Images;
import distill.data.Mnist;
import distill.explain.ExplanationMap;
import distill.nn.Activation;
import distill.nn.Device;
import distill.nn.Network;
import distill.nn.Weights;
import distill.nn.zoo.Architecture;
import distill.run.Reading;
import distill.run.Settings;
import distill.run.Variant;
import distill.training.CompiledModel;
import distill.training.Inputs;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.types.TFloat32;

class ExplainersTest {

    private static final Device DEVICE = Device.cpu(2);
    private static final Images IMAGES = Mnist.generate(10, 10).test();
    private static final Explainers EXPLAINERS = new Explainers(20, 30, 40, 1);

    private static Weights weights(Architecture architecture) {
        return architecture.build(Activation.LINEAR).initialWeights(RandomSource.XO_RO_SHI_RO_128_PP.create(1));
    }

    private static ExplainedModel model(Architecture architecture) {
        return new ExplainedModel("a model", architecture.build(Activation.LINEAR), weights(architecture), DEVICE);
    }

    @ParameterizedTest
    @EnumSource
    void bothReadingsModelsGiveProbabilitiesAsTheirNetworksDo(Variant reading) throws IOException {
        Network network = Architecture.MNIST_TEACHER.build(
                new ReadingGraph(Reading.of(Settings.TASK1, reading)).outputActivation());
        try (CompiledModel<TFloat32> trained = CompiledModel.of(network, Inputs.BYTES, TFloat32.class, DEVICE);
                ExplainedModel explained = model(Architecture.MNIST_TEACHER)) {
            trained.setWeights(weights(Architecture.MNIST_TEACHER));
            for (int i = 0; i < 3; i++) {
                double[] outputs = trained.predict(IMAGES, new int[] {i});
                double total = Arrays.stream(outputs).map(Math::exp).sum();
                double[] expected = reading == Variant.AS_WRITTEN
                        ? outputs
                        : Arrays.stream(outputs).map(z -> Math.exp(z) / total).toArray();
                double[] probabilities = explained.probabilities(
                        Example.of("test", IMAGES, i).image().pixels(), 1);
                assertArrayEquals(expected, probabilities, 1e-6);
                assertEquals(1, Arrays.stream(probabilities).sum(), 1e-6);
            }
        }
    }

    @Test
    void anExamplesPixelsAreScaledAsInATraining() throws IOException {
        Images set = Images.inMemory(1, 3, 1, 10, new byte[] {0, 51, (byte) 255}, new byte[] {4});
        Example example = Example.of("train", set, 0);
        assertArrayEquals(
                new float[] {0, 51 * (1f / 255f), 255 * (1f / 255f)},
                example.image().pixels());
        assertEquals(4, example.label());
    }

    @Test
    void onlyANetworkWithAConvolutionHasAGradCamMap() throws IOException {
        Example example = Example.of("test", IMAGES, 0);
        try (ExplainedModel teacher = model(Architecture.MNIST_TEACHER);
                ExplainedModel student = model(Architecture.MNIST_STUDENT)) {
            assertEquals(
                    List.of("RISE (course)", "RISE (paper)", "LIME", "Grad-CAM"),
                    List.copyOf(EXPLAINERS.explain(teacher, example, 3).maps().keySet()));
            assertEquals(
                    List.of("RISE (course)", "RISE (paper)", "LIME"),
                    List.copyOf(EXPLAINERS.explain(student, example, 3).maps().keySet()));
        }
    }

    @Test
    void mapsRepeatAndAnotherSeedOrImageHasOtherMasks() throws IOException {
        try (ExplainedModel student = model(Architecture.MNIST_STUDENT)) {
            Example example = Example.of("test", IMAGES, 0);
            Map<String, ExplanationMap> maps =
                    EXPLAINERS.explain(student, example, 3).maps();
            Map<String, ExplanationMap> again =
                    EXPLAINERS.explain(student, example, 3).maps();
            Example elsewhere = new Example("test", 1, example.label(), example.classes(), example.image());
            Map<String, ExplanationMap> other =
                    EXPLAINERS.explain(student, elsewhere, 3).maps();
            Map<String, ExplanationMap> seed2 =
                    new Explainers(20, 30, 40, 2).explain(student, example, 3).maps();
            maps.forEach((method, map) -> {
                assertArrayEquals(map.values(), again.get(method).values(), method);
                assertFalse(Arrays.equals(map.values(), other.get(method).values()), method);
                assertFalse(Arrays.equals(map.values(), seed2.get(method).values()), method);
            });
        }
    }

    @Test
    void everyMethodAndControlIsJudgedOnEveryImage() throws IOException {
        List<Example> examples = List.of(Example.of("test", IMAGES, 0), Example.of("test", IMAGES, 1));
        try (ExplainedModel teacher = model(Architecture.MNIST_TEACHER)) {
            List<Explainers.Judged> judged = EXPLAINERS.judge(teacher, examples);
            assertEquals(
                    List.of("RISE (course)", "RISE (paper)", "LIME", "Grad-CAM", "random map", "edge map"),
                    judged.stream().map(Explainers.Judged::method).toList());
            judged.forEach(one -> assertEquals(2, one.images().size()));
        }
    }
}
