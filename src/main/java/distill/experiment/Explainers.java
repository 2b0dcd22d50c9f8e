package distill.experiment;

import distill.explain.Controls;
import distill.explain.ExplanationMap;
import distill.explain.Faithfulness;
import distill.explain.Image;
import distill.explain.Lime;
import distill.explain.Rise;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The methods of Question 9. Masks and samples derive from the seed and the image, so that all models see the same.
 *
 * @param courseMasks masks of RISE in the course's form
 * @param paperMasks masks of RISE in the paper's form
 * @param samples samples of LIME
 * @param seed where all chance comes from
 */
public record Explainers(int courseMasks, int paperMasks, int samples, long seed) {

    /** What tables and figures call the methods. */
    public static final String LIME = "LIME";

    public static final String GRAD_CAM = "Grad-CAM";

    /** What they call the controls, which rank pixels at random and by how much of an edge they are. */
    public static final String RANDOM_MAP = "random map";

    public static final String EDGE_MAP = "edge map";

    /** Height and width of LIME's pieces in pixels: 49 pieces on a digit, as many as RISE's cells. */
    private static final int CELL = 4;

    private static final long IMAGES_APART = 0x9e3779b97f4a7c15L;

    /**
     * What the methods make of one model on one image.
     *
     * @param model its name
     * @param probabilities of the classes
     * @param target the class that is explained
     * @param maps by the method's name; Grad-CAM's only where the model has a convolution
     */
    public record Explained(String model, double[] probabilities, int target, Map<String, ExplanationMap> maps) {}

    /**
     * How faithful one method's maps of one model are.
     *
     * @param method its name; controls that know nothing of the model are methods too
     * @param model its name
     * @param images one for each image
     */
    public record Judged(String method, String model, List<Faithfulness> images) {}

    /** Explains why the image is, or is not, of the class {@code target}. */
    public Explained explain(ExplainedModel model, Example example, int target) {
        return new Explained(
                model.name(), model.probabilities(example.image().pixels(), 1), target, maps(model, example, target));
    }

    /** Judges every method, and the controls, on the class that the model predicts on each image. */
    public List<Judged> judge(ExplainedModel model, List<Example> examples) {
        Map<String, List<Faithfulness>> judged = new LinkedHashMap<>();
        for (Example example : examples) {
            Image image = example.image();
            Map<String, ExplanationMap> maps = maps(model, example, model.predict(image));
            maps.put(RANDOM_MAP, Controls.random(image, stream(example)));
            maps.put(EDGE_MAP, Controls.edges(image));
            maps.forEach((method, map) ->
                    judged.computeIfAbsent(method, m -> new ArrayList<>()).add(Faithfulness.of(model, image, map)));
        }
        return judged.entrySet().stream()
                .map(entry -> new Judged(entry.getKey(), model.name(), List.copyOf(entry.getValue())))
                .toList();
    }

    private Map<String, ExplanationMap> maps(ExplainedModel model, Example example, int target) {
        Image image = example.image();
        Map<String, ExplanationMap> maps = new LinkedHashMap<>();
        for (Rise.Form form : Rise.Form.values()) {
            int masks = form == Rise.Form.COURSE ? courseMasks : paperMasks;
            maps.put(form.toString(), Rise.of(form, masks, stream(example)).explain(model, image, target));
        }
        maps.put(LIME, Lime.of(CELL, samples, stream(example)).explain(model, image, target));
        model.gradCam().ifPresent(gradCam -> maps.put(GRAD_CAM, gradCam.explain(image, target)));
        return maps;
    }

    /** One long is spread over a generator's state; two given apart would start neighbouring images nearly alike. */
    private long stream(Example example) {
        return seed * IMAGES_APART + example.index();
    }
}
