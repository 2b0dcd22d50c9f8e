"""The report's losses (Question 3) in both readings, of both tasks.

"Logits" are the networks' outputs: in Task 1 probabilities as-written, so that softmax is applied twice, and logits
as-described; in Task 2 logits.
Each compute function returns the loss, which is a vector of one value per image whose gradient the tape sums over the
batch, and its two parts: cross-entropy (a vector) and distillation with T^2 (a scalar), both before alpha.
"""

import collections

import tensorflow as tf


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


def loss(role, soft_targets, temperature=None, alpha=None):
    """The loss of a teacher, student or student-plain (without distillation), as a function of labels, outputs and
    teacher's outputs. soft_targets, temperature and alpha are a student's."""
    if role == "teacher":
        return lambda labels, outputs, _: compute_teacher_loss(labels, outputs)
    if role == "student-plain":
        return lambda labels, outputs, _: compute_plain_cross_entropy_loss(labels, outputs)
    return lambda labels, outputs, teacher_outputs: compute_student_loss(
        soft_targets, labels, teacher_outputs, outputs, temperature, alpha
    )


def sparse_cross_entropy(labels, logits):
    """One value for each image; labels are one-hot."""
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.argmax(labels, axis=1), logits=logits)
