"""The report's losses (Question 3) in both readings, of both tasks, and others of the field by their names.

"Logits" are the networks' outputs: in Task 1 probabilities as-written, so that softmax is applied twice, and logits
as-described; in Task 2 logits.
Each compute function returns the loss, which is a vector of one value per image whose gradient the tape sums over the
batch, and its two parts: cross-entropy (a vector) and distillation with T^2 (a scalar), both before alpha.
"""

import collections

import keras
import tensorflow as tf
import tf_keras

# What --loss takes: losses of students with distillation, of which some have a temperature, and of those without.
TEMPERED = ("kd", "dkd", "dist")
DISTILLING = (*TEMPERED, "logit-mse", "attention", "hints", "similarity")
PLAIN = ("none", "label-smoothing")
# Runs do not name the report's.
REPORTS = (None, "kd", "none")

DKD_TARGET, DKD_OTHERS = 1.0, 8.0
DIST_BETA, DIST_GAMMA = 2.0, 2.0
ATTENTION_BETA = 1e3
SMOOTHING = 0.1
EPSILON = 1e-12


def unnormalised_targets(teacher_logits, temperature):
    """What the report's program computes: max has left one entry on the axis that the denominator sums over, so the
    targets are exp((t - max t) / T) / exp(max t / T) and do not sum to 1."""
    maximum = tf.reduce_max(teacher_logits, axis=1, keepdims=True)
    denominator = tf.reduce_sum(tf.exp(maximum / temperature), axis=1, keepdims=True)
    return tf.exp((teacher_logits - maximum) / temperature) / denominator


def softmax_targets(teacher_logits, temperature):
    """softmax(v / T): the report's formula, and Hinton, Vinyals and Dean 2015, eq. 1."""
    return tf.nn.softmax(teacher_logits / temperature)


def logit_targets(teacher_logits, temperature):
    """v / T, without a softmax: what the report's program of Task 2 computes."""
    return teacher_logits / temperature


# A reading of Task 1 is what the networks end in, and what becomes of the teacher's outputs.
Reading = collections.namedtuple("Reading", "output_activation soft_targets")
READINGS = {
    "as-written": Reading("softmax", unnormalised_targets),
    "as-described": Reading("linear", softmax_targets),
}


def distillation_loss(soft_targets, teacher_logits, student_logits, temperature):
    """T^2 * mean CE(targets, student / T), a scalar. Its gradient is the fused operation's, softmax - targets, which is
    not the derivative of its value where the targets do not sum to 1."""
    targets = soft_targets(teacher_logits, temperature)
    cross_entropy = tf.nn.softmax_cross_entropy_with_logits(labels=targets, logits=student_logits / temperature)
    return tf.reduce_mean(cross_entropy) * temperature**2


def compute_student_loss(soft_targets, labels, teacher_logits, student_logits, temperature, alpha):
    """alpha * distillation + (1 - alpha) * CE(labels, student): the scalar is added to every image's cross-entropy."""
    soft = distillation_loss(soft_targets, teacher_logits, student_logits, temperature)
    hard = sparse_cross_entropy(labels, student_logits)
    return alpha * soft + (1 - alpha) * hard, hard, soft


def compute_teacher_loss(labels, teacher_logits):
    """CE(labels, teacher)."""
    hard = sparse_cross_entropy(labels, teacher_logits)
    return hard, hard, tf.zeros((), hard.dtype)


def compute_plain_cross_entropy_loss(labels, student_logits):
    """CE(labels, student): the student without distillation (Question 7)."""
    hard = sparse_cross_entropy(labels, student_logits)
    return hard, hard, tf.zeros((), hard.dtype)


def compute_scratch_loss(labels, student_logits, temperature):
    """T^2 * CE(labels, student / T): what the report's program of Task 2 trains without distillation."""
    hard = sparse_cross_entropy(labels, student_logits / temperature) * temperature**2
    return hard, hard, tf.zeros((), hard.dtype)


def loss(role, soft_targets, temperature=None, alpha=None, name=None, regressor=()):
    """The loss of a teacher, student or student-plain (without distillation), as a function of labels, outputs and
    teacher's outputs. soft_targets, temperature and alpha are a student's; name is of DISTILLING or, without
    distillation, of PLAIN, and the report's where it is None. For a loss that compares layers both outputs are lists, the
    networks' outputs first; regressor are the variables of hints."""
    if role == "teacher":
        return lambda labels, outputs, _: compute_teacher_loss(labels, outputs)
    if role == "student-plain":
        plain = compute_label_smoothing_loss if name == "label-smoothing" else compute_plain_cross_entropy_loss
        return lambda labels, outputs, _: plain(labels, outputs)
    if name in (None, "kd"):
        return lambda labels, outputs, teacher_outputs: compute_student_loss(
            soft_targets, labels, teacher_outputs, outputs, temperature, alpha
        )
    soft_part = {
        "dkd": lambda labels, outputs, teacher: dkd(labels, outputs, teacher, temperature),
        "dist": lambda _, outputs, teacher: dist(outputs, teacher, temperature),
        "logit-mse": lambda _, outputs, teacher: logit_mse(outputs, teacher),
        "attention": lambda _, outputs, teacher: attention(outputs[1:], teacher[1:]),
        "hints": lambda _, outputs, teacher: hints(outputs[1], teacher[1], regressor),
        "similarity": lambda _, outputs, teacher: similarity(outputs[1], teacher[1]),
    }[name]

    def compute(labels, outputs, teacher_outputs):
        soft = soft_part(labels, outputs, teacher_outputs)
        hard = sparse_cross_entropy(labels, first(outputs))
        return alpha * soft + (1 - alpha) * hard, hard, soft

    compute.variables = list(regressor)
    return compute


def in_settings(name, model, temperature):
    """What a run of a model (teacher, student or student-plain) has of the temperature and of the loss that was chosen:
    its name where it is of such models and not the report's, else None."""
    of = "student-plain" if name in PLAIN else "student"
    if name in REPORTS or model != of:
        return temperature, None
    return temperature if name in TEMPERED else None, name


def first(outputs):
    """A network's outputs, where those of its layers may stand behind them."""
    return outputs[0] if isinstance(outputs, list) else outputs


def dkd(labels, student_logits, teacher_logits, temperature):
    """T^2 mean (KL of the labelled class + 8 KL of the others among themselves): Zhao et al., Decoupled knowledge
    distillation, CVPR 2022, eq. 7."""
    student = decoupled(labels, student_logits / temperature)
    teacher = decoupled(labels, teacher_logits / temperature)
    target, rest, others = (tf.exp(t) * (t - s) for t, s in zip(teacher, student))
    return temperature**2 * tf.reduce_mean(
        DKD_TARGET * (target + rest) + DKD_OTHERS * tf.reduce_sum(others, axis=1)
    )


def decoupled(labels, logits):
    """Logarithms of the labelled class's probability, of all others together, and of each among these."""
    everything = tf.nn.log_softmax(logits)
    others = tf.nn.log_softmax(logits - 1000 * labels)
    rest = tf.reduce_sum((1 - labels) * (everything - others), axis=1) / tf.reduce_sum(1 - labels, axis=1)
    return tf.reduce_sum(labels * everything, axis=1), rest, others


def dist(student_logits, teacher_logits, temperature):
    """T^2 (2 (1 - mean correlation of images' rows) + 2 (1 - the same of classes' columns)): Huang et al., Knowledge
    distillation from a stronger teacher, NeurIPS 2022, eq. 7 to 10."""
    student = tf.nn.softmax(student_logits / temperature)
    teacher = tf.nn.softmax(teacher_logits / temperature)

    def distance(axis):
        products = deviations(student, axis) * deviations(teacher, axis)
        return 1 - tf.reduce_mean(tf.reduce_sum(products, axis=axis))

    return temperature**2 * (DIST_BETA * distance(1) + DIST_GAMMA * distance(0))


def deviations(values, axis):
    """From the mean along an axis, scaled to length 1 there."""
    return tf.math.l2_normalize(values - tf.reduce_mean(values, axis=axis, keepdims=True), axis=axis, epsilon=EPSILON)


def logit_mse(student_logits, teacher_logits):
    """mean |s - t|^2: Ba and Caruana, Do deep nets really need to be deep?, NIPS 2014, eq. 1."""
    return tf.reduce_mean(tf.reduce_sum(tf.square(student_logits - teacher_logits), axis=1))


def attention(student_maps, teacher_maps):
    """1000 / 2 times the sum over layers of the mean squared difference of the attention: Zagoruyko and Komodakis,
    Paying more attention to attention, ICLR 2017, eq. 2."""

    def attended(maps):
        energy = tf.reduce_sum(tf.square(maps), axis=-1)
        return tf.math.l2_normalize(tf.reshape(energy, (tf.shape(energy)[0], -1)), axis=1, epsilon=EPSILON)

    differences = [tf.reduce_mean(tf.square(attended(s) - attended(t))) for s, t in zip(student_maps, teacher_maps)]
    return ATTENTION_BETA / 2 * tf.add_n(differences)


def hints(guided, hint, regressor):
    """1/2 mean (hint - guided W - b)^2 over the channels: Romero et al., FitNets, ICLR 2015, eq. 3."""
    rows = tf.reshape(guided, (-1, guided.shape[-1]))
    if regressor:
        kernel, bias = (tf.convert_to_tensor(variable) for variable in regressor)
        rows = rows @ kernel + bias
    return 0.5 * tf.reduce_mean(tf.square(tf.reshape(hint, (-1, hint.shape[-1])) - rows))


def similarity(student_features, teacher_features):
    """Mean squared difference of the images' similarities: Tung and Mori, Similarity-preserving knowledge distillation,
    ICCV 2019, section 3."""

    def similarities(features):
        rows = tf.reshape(features, (tf.shape(features)[0], -1))
        return tf.math.l2_normalize(rows @ tf.transpose(rows), axis=1, epsilon=EPSILON)

    return tf.reduce_mean(tf.square(similarities(teacher_features) - similarities(student_features)))


def compute_label_smoothing_loss(labels, student_logits):
    """CE(.9 label + .1 / classes, student): Szegedy et al., Rethinking the inception architecture, CVPR 2016, section
    7."""
    targets = (1 - SMOOTHING) * labels + SMOOTHING / labels.shape[1]
    hard = tf.nn.softmax_cross_entropy_with_logits(labels=targets, logits=student_logits)
    return hard, hard, tf.zeros((), hard.dtype)


def compared(name, student, teacher):
    """The names of the layers that a loss compares, in pairs; none for a loss on outputs alone. Of the maps of each
    height and width the last sum (Add), or in a network without sums the last layer: attention takes all sizes that both
    have, hints the middle one, or where there is none what enters the last layers, as similarity does."""
    if name not in ("attention", "hints", "similarity"):
        return []
    of_student, of_teacher = maps(student), maps(teacher)
    pairs = [(layer, of_teacher[size]) for size, layer in of_student.items() if size in of_teacher]
    if name == "attention":
        if not pairs:
            raise ValueError(f"attention compares maps of one size, and {student.name} and {teacher.name} share none")
        return pairs
    if name == "hints" and pairs:
        return [pairs[len(pairs) // 2]]
    return [(student.layers[-2].name, teacher.layers[-2].name)]


def maps(model):
    """The names of a network's layers that have maps, by height and width."""
    layers = [layer for layer in model.layers if len(layer.output.shape) == 4 and layer.output.shape[1:3] != (1, 1)]
    # The first of a functional model is its input.
    layers = [layer for layer in layers if type(layer).__name__ != "InputLayer"]
    sums = [layer for layer in layers if type(layer).__name__ == "Add"]
    return {tuple(layer.output.shape[1:3]): layer.name for layer in sums or layers}


def watch(model, names):
    """The model, or where layers are named one that shares its weights and puts out a list: its outputs, and theirs."""
    if not names:
        return model
    k = tf_keras if isinstance(model, tf_keras.Model) else keras
    return k.Model(model.inputs[0], [model.outputs[0], *(model.get_layer(name).output for name in names)])


def regressor(name, pairs, student, teacher):
    """The variables that hints has of its own, which start from zeros; none where the widths are equal."""
    if name != "hints":
        return []
    widths = [model.get_layer(layer).output.shape[-1] for model, layer in zip((student, teacher), pairs[0])]
    if widths[0] == widths[1]:
        return []
    return [tf.Variable(tf.zeros(shape, student.compute_dtype)) for shape in (widths, widths[1:])]


def sparse_cross_entropy(labels, logits):
    """One value for each image; labels are one-hot."""
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.argmax(labels, axis=1), logits=logits)
