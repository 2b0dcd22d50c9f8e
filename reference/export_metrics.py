"""Makes src/test/resources/metrics.json: what scikit-learn says of small classifications, drawn from a seed."""

import json
import sys
from pathlib import Path

import numpy as np
from sklearn.metrics import (
    accuracy_score,
    classification_report,
    confusion_matrix,
    precision_recall_fscore_support,
    roc_auc_score,
    roc_curve,
)

SCORES = ("precision", "recall", "f1", "support")


def cases():
    """Names with classes, labels and logits."""
    random = np.random.default_rng(1)
    truth = random.permutation(np.repeat([0, 1], [23, 14]))
    informed = random.normal(0, 2, (37, 2)) + 2 * np.eye(2)[truth]
    yield "two classes", ["HP", "SSA"], truth, informed
    yield "ties in scores", ["HP", "SSA"], truth, np.round(informed / 2)
    yield "one score for all", ["HP", "SSA"], truth, np.tile([0.5, -0.25], (37, 1))
    yield "a class never predicted", ["HP", "SSA"], truth, informed + [20, 0]
    yield "softmax would round to 1", ["HP", "SSA"], truth, informed + [0, 100]
    yield "all of the first class", ["HP", "SSA"], np.zeros(9, int), informed[:9]
    yield "all of the second class, all right", ["HP", "SSA"], np.ones(4, int), informed[:4] + [0, 20]
    yield "shares that are ties of rounding", ["a", "b"], np.repeat([0, 1], [8, 8]), eighths()
    truth = random.permutation(np.repeat([0, 1, 2], [5, 11, 16]))
    informed = random.normal(0, 2, (32, 3)) + 2 * np.eye(3)[truth]
    yield "three classes", ["a", "serrated polyp", "c"], truth, informed
    yield "three classes, one never predicted", ["a", "serrated polyp", "c"], truth, informed - [0, 30, 0]
    yield "three classes, one not there", ["a", "b", "c"], np.where(truth == 2, 1, truth), informed - [0, 0, 30]


def eighths():
    """Logits of sixteen examples that are right for 1 and 5 of 8: recalls of .125 and .625."""
    predicted = np.repeat([0, 1, 0, 1], [1, 7, 3, 5])
    return np.eye(2)[predicted]


def measured(name, classes, truth, outputs):
    predicted = outputs.argmax(axis=1)
    labels = range(len(classes))

    def scores(average):
        values = precision_recall_fscore_support(truth, predicted, labels=labels, average=average, zero_division=0)
        return {score: np.asarray(value).tolist() for score, value in zip(SCORES, values) if value is not None}

    def report(digits):
        return classification_report(
            truth, predicted, labels=labels, target_names=classes, digits=digits, zero_division=0
        )

    case = {
        "name": name,
        "classes": classes,
        "truth": truth.tolist(),
        "outputs": outputs.ravel().tolist(),
        "accuracy": accuracy_score(truth, predicted),
        "confusion": confusion_matrix(truth, predicted, labels=labels).tolist(),
        "by_class": scores(None),
        "macro": scores("macro"),
        "weighted": scores("weighted"),
        "report": report(2),
        "report_of_4_digits": report(4),
    }
    if len(classes) == 2 and len(set(truth)) == 2:
        difference = outputs[:, 1] - outputs[:, 0]
        case["roc_auc"] = roc_auc_score(truth, difference)
        rates = roc_curve(truth, difference, drop_intermediate=False)
        # The first threshold is infinite, which JSON has not.
        case["roc_curve"] = [values[1:].tolist() for values in rates]
    return case


def main(file):
    file.write_text(json.dumps([measured(*case) for case in cases()], separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
