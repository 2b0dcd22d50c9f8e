/**
 * Which pixels an image's class rests on: {@link distill.explain.Rise}, {@link distill.explain.Lime} and
 * {@link distill.explain.GradCam}, each of which gives an {@link distill.explain.ExplanationMap}, and how
 * {@linkplain distill.explain.Faithfulness faithful} such a map is to the model, with
 * {@linkplain distill.explain.Controls maps that know nothing of the model} to compare it with. A model is a
 * {@link distill.explain.Classifier}, a function from images to probabilities; Grad-CAM alone needs the network.
 * Threads may share all of it, where the classifier that they give may be asked by several.
 */
package distill.explain;
