"""Computes the numbers and the p behind the verdicts on Task 1 once more, from the store alone, with NumPy and SciPy, and fails where
they are not those of `./reproduce verdicts`, or where it knows none of them: prints how many were equal.

    recompute_verdicts.py STORE verdicts-numbers.csv verdicts.csv

Of the CSV files it takes the report's own numbers, and which number is which. Models are fitted as regressions on dummy variables by
numpy.linalg, distributions are SciPy's.
"""

import csv
import json
import pathlib
import sys
from collections import defaultdict

import numpy as np
from scipy import integrate, optimize, special, stats

MNIST = "2c5f2f9840741fb2fba3494844a010c0036508612aa12e9c5f8f44978cee3963"
TEMPERATURES = [1.0, 2.0, 4.0, 16.0, 32.0, 64.0]
ALPHAS = [0.1, 0.3, 0.5, 0.7, 0.9]
EPOCHS = range(1, 13)
# Equal but for rounding; what one of both sides finds by iterating or by a sum in place of an integral, to the digits that are printed.
EXACT, ITERATED = 1e-9, 1e-5
OTHERWISE = {"rare_class", "without", "loss", "optimizer", "momentum", "architecture", "starting_weights", "patience"}


def load(store):
    files = sorted((pathlib.Path(store) / "task1").glob("runs*.jsonl"))
    runs = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    # The latest of an identity counts.
    runs.sort(key=lambda run: run["provenance"]["date"])
    identities = {run["identity"] for run in runs}
    return [
        run
        for run in runs
        if run["data"] == MNIST
        and run["train_images"] == 60000
        and not run["quick"]
        and (run["batch_size"], run["learning_rate"]) == (256, 0.001)
        and (run["epochs"] == 12 or run["model"] == "teacher" and "teacher_epochs" in run)
        and run.get("width", 784) == 784
        and not OTHERWISE & run.keys()
        and run.get("teacher") in identities | {None}
        and "tensorflow_java" in run["provenance"]
        and not run["provenance"]["synthetic"]
    ]


class Estimate:
    def __init__(self, value, error, freedom):
        self.value, self.error, self.freedom = value, error, freedom

    def interval(self, among=1):
        half = self.error * stats.t.isf(0.025 / among, self.freedom)
        return self.value - half, self.value + half

    def p(self, other=0.0):
        return 2 * stats.t.sf(abs(self.value - other) / self.error, self.freedom)

    def times(self, factor):
        return Estimate(factor * self.value, abs(factor) * self.error, self.freedom)

    def plus(self, other):
        e, f = self.error**2, other.error**2
        freedom = (e + f) ** 2 / (e**2 / self.freedom + f**2 / other.freedom)
        return Estimate(self.value + other.value, (e + f) ** 0.5, freedom)

    def minus(self, other):
        return self.plus(other.times(-1))


def mean(values):
    return Estimate(np.mean(values), stats.sem(values), len(values) - 1)


def further(values, spread=None):
    """One more run, of a cell's own spread or of a (standard deviation, degrees of freedom)."""
    sd, freedom = spread or (np.std(values, ddof=1), len(values) - 1)
    return Estimate(np.mean(values), sd * (1 + 1 / len(values)) ** 0.5, freedom)


def pooled(cells):
    squares = sum(np.var(cell) * len(cell) for cell in cells)
    freedom = sum(len(cell) - 1 for cell in cells)
    return (squares / freedom) ** 0.5 if freedom else np.nan, freedom


def holm(tests):
    order = sorted(tests, key=tests.get)
    adjusted, largest = {}, 0
    for i, name in enumerate(order):
        largest = max(largest, min(1, (len(order) - i) * tests[name]))
        adjusted[name] = largest
    return adjusted


class Regression:
    """y on dummy variables of each of the factors, which are lists with a level for each y."""

    def __init__(self, y, *factors):
        self.levels = [sorted(set(factor)) for factor in factors]
        columns = [np.ones(len(y))]
        self.place = []
        for factor, levels in zip(factors, self.levels):
            self.place.append({level: len(columns) + i for i, level in enumerate(levels[1:])})
            columns += [np.array([one == level for one in factor], float) for level in levels[1:]]
        x = np.array(columns).T
        self.inverse = np.linalg.inv(x.T @ x)
        self.coefficients = np.linalg.lstsq(x, np.array(y), rcond=None)[0]
        self.squares = float(np.sum((np.array(y) - x @ self.coefficients) ** 2))
        self.freedom = len(y) - x.shape[1]

    def contrast(self, factor, weights, squares=None, freedom=None):
        """A weighted sum of a factor's levels; with the error of another model where one is given."""
        w = np.zeros(len(self.coefficients))
        for level, weight in weights.items():
            if level in self.place[factor]:
                w[self.place[factor][level]] = weight
        variance = (self.squares if squares is None else squares) / (freedom or self.freedom)
        return Estimate(float(w @ self.coefficients), (variance * (w @ self.inverse @ w)) ** 0.5, freedom or self.freedom)


def linear(levels, scale=lambda level: level):
    x = np.array([scale(level) for level in levels])
    return dict(zip(levels, (x - x.mean()) / np.sum((x - x.mean()) ** 2)))


def common(cells):
    seeds = set.intersection(*(set(cell) for cell in cells.values()))
    return {name: {seed: cell[seed] for seed in sorted(seeds)} for name, cell in cells.items()}, len(seeds)


def long(cells):
    """Values, seeds and names of cells, in three lists."""
    rows = [(value, seed, name) for name, cell in cells.items() for seed, value in cell.items()]
    return [list(column) for column in zip(*rows)]


def f_test(smaller, larger, error):
    freedom = smaller.freedom - larger.freedom
    f = (smaller.squares - larger.squares) / freedom / (error.squares / error.freedom)
    return f, freedom, stats.f.sf(f, freedom, error.freedom)


def best_of(n):
    average = integrate.quad(lambda x: x * n * stats.norm.pdf(x) * stats.norm.cdf(x) ** (n - 1), -10, 10)[0]

    def over(distance):
        return integrate.quad(lambda x: stats.norm.pdf(x) * (1 - stats.norm.cdf(x + distance) ** n), -10, 10, epsabs=1e-12)[0]

    return average, over


class Reading:
    """Of one reading the cells of each table, and what follows from them."""

    def __init__(self, runs, reading, report):
        self.reading = reading
        self.runs = [run for run in runs if run["variant"] == reading]
        self.report = report
        self.numbers = {}
        self.tests = {}
        self.teachers = self.cell(["teacher"], "teacher")
        self.plain = self.cell(["q7"], "student-plain")
        self.table1 = {(t, a): self.student("q5", t, a) for t in TEMPERATURES for a in ALPHAS}
        self.table2 = {t: self.student("q6", t, 0.5) for t in TEMPERATURES}
        self.table3 = {e: self.cell(["q13"], "student", teacher_epochs=e, temperature=4.0, alpha=0.5) for e in EPOCHS}
        self.trajectory = {
            e: self.cell(["q13-single-trajectory", "q10"], "student", teacher_epochs=e, temperature=4.0, alpha=0.5) for e in EPOCHS
        }
        self.best = self.table1[16.0, 0.9]
        self.conclusions()

    def cell(self, questions, model, measure=lambda run: run["test_accuracy"], **settings):
        by_seed = defaultdict(dict)
        for run in self.runs:
            if run["question"] in questions and run["model"] == model and all(run.get(k) == v for k, v in settings.items()):
                if measure(run) is not None:
                    by_seed[run["seed"]][run["question"]] = measure(run)
        return {seed: float(np.mean(list(values.values()))) for seed, values in sorted(by_seed.items())}

    def student(self, question, t, a, measure=lambda run: run["test_accuracy"]):
        return self.cell([question], "student", measure, temperature=t, alpha=a)

    def put(self, key, name, estimate, among=1, interval=True):
        low, high = estimate.interval(among) if interval else (None, None)
        self.numbers[key, name] = (estimate.value, low, high)

    def plain_number(self, key, name, value):
        self.numbers[key, name] = (value, None, None)

    def spread(self, question):
        cells = defaultdict(dict)
        for run in self.runs:
            if run["model"] == "student" and run["question"] in ("q5", "q6", "q13"):
                cells[run["question"], run["temperature"], run["alpha"], run.get("teacher_epochs")][run["seed"]] = run["test_accuracy"]
        own = pooled([list(cell.values()) for name, cell in cells.items() if name[0] == question])
        return own if own[1] else pooled([list(cell.values()) for cell in cells.values()])

    def teachers_share(self):
        rows = [(v, s, c) for c, cell in self.table1.items() for s, v in cell.items()]
        rows += [(v, s, (t, 0.5)) for t, cell in self.table2.items() for s, v in cell.items()]
        y, seeds, cells = (list(column) for column in zip(*rows))
        full, without = Regression(y, seeds, cells), Regression(y, cells)
        f = f_test(without, full, full)[0]
        counts = np.array([seeds.count(seed) for seed in set(seeds)])
        size = (len(y) - np.sum(counts**2) / len(y)) / (len(counts) - 1)
        ratio = max(0, (f - 1) / size)
        return ratio / (1 + ratio)

    def conclusions(self):
        cells, n = common(self.table1)
        y, seeds, names = long(cells)
        rows, columns = [name[0] for name in names], [name[1] for name in names]
        self.additive = Regression(y, seeds, rows, columns)
        self.full = Regression(y, seeds, names)
        s = self.full.squares, self.full.freedom
        self.f_t = f_test(Regression(y, seeds, columns), self.additive, self.full)
        self.f_alpha = f_test(Regression(y, seeds, rows), self.additive, self.full)
        self.f_both = f_test(self.additive, self.full, self.full)
        self.over_t = self.additive.contrast(1, linear(TEMPERATURES, np.log2), *s).times(6)
        self.over_alpha = self.additive.contrast(2, linear(ALPHAS), *s).times(0.9 - 0.1)
        tests = {"T": self.f_t[2], "trend of T": self.over_t.p(), "alpha": self.f_alpha[2]}
        tests |= {"trend of alpha": self.over_alpha.p(), "both": self.f_both[2]}
        y, seeds, names = long(common(self.table2)[0])
        self.fall = Regression(y, seeds, names).contrast(1, linear(TEMPERATURES, np.log2)).times(6)
        tests["fall"] = self.fall.p()
        fair, self.fair_seeds = common({"with": self.best, "without": self.plain})
        self.fair = {name: list(cell.values()) for name, cell in fair.items()}
        self.gain = mean(self.fair["with"]).minus(mean(self.fair["without"]))
        tests["gain"] = self.gain.p()
        y, seeds, names = long(common(self.trajectory)[0])
        self.by_epochs = Regression(y, seeds, names)
        self.f_epochs = f_test(Regression(y, seeds), self.by_epochs, self.by_epochs)
        self.trend = self.by_epochs.contrast(1, linear(list(EPOCHS)))
        tests |= {"epochs": self.f_epochs[2], "trend of epochs": self.trend.p()}
        self.family = holm(tests)

    def compute(self):
        self.best_cell()
        self.temperature_and_alpha()
        self.temperature_trend()
        self.without()
        self.fair_test()
        self.early_stopped()
        if self.reading == "as-written":
            self.published()

    def best_cell(self):
        key, best = "the best alpha should be 16", (16.0, 0.9)
        y, seeds, names = long(common(self.table1)[0])
        model = Regression(y, seeds, names)
        self.put(key, "T = 16, alpha = 0.9, all its seeds", mean(list(self.best.values())))
        others = [name for name in self.table1 if name != best]
        less = {name: model.contrast(1, {best: 1, name: -1}) for name in others}
        for (t, a), estimate in less.items():
            self.put(key, f"it less T = {t:g}, alpha = {a:g}", estimate, 29)
        less["rest"] = model.contrast(1, {best: 1} | {name: -1 / 29 for name in others})
        self.put(key, "it less the mean of the others", less["rest"])
        self.tests[key] = all_over(less)

    def temperature_and_alpha(self):
        key, jitter, s = "do not affect the test accuracy", "jitters of in the training", (self.full.squares, self.full.freedom)
        t = self.pairs(self.additive, 1, TEMPERATURES, s)
        a = self.pairs(self.additive, 2, ALPHAS, s)
        self.differences(key, t, a, self.pairs(self.full, 1, list(self.table1), s), self.family["both"])
        self.plain_number(jitter, "standard deviation of one run; the report's: of its 30 cells", (s[0] / s[1]) ** 0.5)
        self.put(jitter, "change along the trend of alpha from 0.1 to 0.9", self.over_alpha)
        self.put(jitter, "change along the trend of T from 1 to 64", self.over_t)
        for name, f in (("T", self.f_t), ("alpha", self.f_alpha), ("T x alpha", self.f_both)):
            self.plain_number(jitter, "F of " + name, f[0])
        self.agreement()
        found = []
        for (_, numerator, _), pairs in ((self.f_t, t), (self.f_alpha, a)):
            critical = stats.f.isf(0.05 / len(self.family), numerator, s[1])
            root = optimize.brentq(lambda l: stats.ncf.sf(critical, numerator, s[1], l) - 0.8, 1e-3, 1e4, xtol=1e-10) ** 0.5
            found.append(root * max(pair.error for pair in pairs.values()))
        self.plain_number(jitter, "difference of two levels that 80 % of tests find", max(found))
        self.tests[jitter] = min(self.family[name] for name in ("T", "trend of T", "alpha", "trend of alpha", "both"))

    def agreement(self):
        """How often students predict what their teacher predicts, where three seeds have it in all cells."""
        table, n = common({cell: self.student("q5", *cell, lambda run: run.get("teacher_agreement")) for cell in self.table1})
        if n < 3:
            return
        y, seeds, names = long(table)
        rows, columns = [name[0] for name in names], [name[1] for name in names]
        additive, full = Regression(y, seeds, rows, columns), Regression(y, seeds, names)
        s = full.squares, full.freedom
        t, a = self.pairs(additive, 1, TEMPERATURES, s), self.pairs(additive, 2, ALPHAS, s)
        interaction = f_test(additive, full, full)[2]
        self.differences("mimic the predictions of the teacher model", t, a, self.pairs(full, 1, list(table), s), interaction)

    def differences(self, key, t, a, cells, interaction):
        """The largest of two temperatures and of two alphas, and the most that two cells differ by, by all of these differences."""
        n = len(t) + len(a)
        for factor, pairs in (("T", t), ("alpha", a)):
            one, other = max(pairs, key=lambda pair: abs(pairs[pair].value))
            self.put(key, f"largest difference of two levels of {factor}, {factor} = {one:g} less {other:g}", pairs[one, other], n)
        most = reach(cells, len(cells)) if interaction < 0.05 else reach(t, n) + reach(a, n)
        self.plain_number(key, "difference of two cells, at most, at 95 %", most)

    @staticmethod
    def pairs(model, factor, levels, s):
        return {
            (one, other): model.contrast(factor, {one: 1, other: -1}, *s) for i, one in enumerate(levels) for other in levels[:i]
        }

    def temperature_trend(self):
        for key in ("the accuracy decreases in general", "it does not decrease a lot"):
            self.put(key, "change along the trend from T = 1 to T = 64", self.fall)
            for t, cell in self.table2.items():
                self.put(key, f"T = {t:g}, alpha = 0.5", mean(list(cell.values())))
        self.tests["the accuracy decreases in general"] = self.family["fall"]
        reason = "the true label will bring less information"
        self.tests[reason] = self.family["fall"]
        # Of a sure teacher: probabilities 1 and nine times 0 as-written, logits 10 and nine times 0 as-described.
        outputs = np.array([1.0 if self.reading == "as-written" else 10.0] + [0.0] * 9)
        for t in (1, 64):
            self.plain_number(reason, f"the true label's part of the targets at T = {t}", special.softmax(outputs / t)[0])

    def without(self):
        teachers, plain = mean(list(self.teachers.values())), mean(list(self.plain.values()))
        self.put("is about 2%", "teacher less student without KD", teachers.minus(plain))
        sd, freedom = self.spread("q5")
        best = Estimate(np.mean(list(self.best.values())), sd / len(self.best) ** 0.5, freedom)
        self.put("is about 2%", "teacher less student with KD, T = 16, alpha = 0.9", teachers.minus(best))
        key, (sd, freedom) = "will not decrease below", self.spread("q6")
        over = {}
        for t, cell in self.table2.items():
            over[t] = Estimate(np.mean(list(cell.values())), sd / len(cell) ** 0.5, freedom).minus(plain)
            self.put(key, f"T = {t:g}, alpha = 0.5 less without KD", over[t])
        self.tests[key] = all_over(over)

    def fair_test(self):
        key = "So the test accuracy of student models"
        self.put(key, "T = 16, alpha = 0.9", mean(self.fair["with"]))
        self.put(key, "without KD", mean(self.fair["without"]))
        self.put(key, "with KD less without", self.gain)
        level = 0.025 / len(self.family)
        found = self.gain.error * (stats.t.isf(level, self.gain.freedom) + stats.t.ppf(0.8, self.gain.freedom))
        self.plain_number(key, "smallest difference that 80 % of such tests find", found)
        sd = self.spread("q5")[0]
        average, over = best_of(30)
        self.plain_number(key, "best of 30 runs over one run, on average, by chance alone", average * sd)
        self.plain_number(key, "probability that the best of 30 is over one run, by chance alone", over(0))
        self.plain_number(key, "probability that it is so by 0.88 or more", over((98.08 - 97.20) / sd))
        self.tests[key] = self.family["gain"]

    def early_stopped(self):
        key, lot = "should stop at epoch 4", "does not improve a lot"
        model = self.by_epochs
        less = {e: model.contrast(1, {4: 1, e: -1}) for e in EPOCHS if e != 4}
        for e, estimate in less.items():
            self.put(key, f"epoch 4 less epoch {e}", estimate, 11)
        less["earlier"] = model.contrast(1, {4: 1} | {e: -1 / 3 for e in range(1, 4)})
        less["later"] = model.contrast(1, {4: 1} | {e: -1 / 8 for e in range(5, 13)})
        self.put(key, "epoch 4 less the mean of the earlier epochs", less["earlier"])
        self.put(key, "epoch 4 less the mean of the later epochs", less["later"])
        self.tests[key] = all_over(less)
        for e in range(1, 12):
            gain = model.contrast(1, {e: 1, 12: -1})
            self.put(lot, f"gain of stopping after {e} epoch" + ("s" if e > 1 else ""), gain, 11)
        for claim in ("the performance of student model will become worse", "not beyond the capacity"):
            self.put(claim, "trend, for each epoch of the teacher", self.trend)
            self.put(claim, "change along the trend from 1 to 12 epochs", self.trend.times(11))
            self.plain_number(claim, "F of the teacher's epochs", self.f_epochs[0])
        self.tests["the performance of student model will become worse"] = self.family["trend of epochs"]
        room, teachers, best = "there cannot be a large improvement", mean(list(self.teachers.values())), mean(list(self.best.values()))
        self.put(room, "teacher", teachers)
        self.put(room, "T = 16, alpha = 0.9", best)
        self.put(room, "teacher less student", teachers.minus(best))

    def published(self):
        """The report's numbers, and the notebook's, as further runs."""
        curve = lambda run: float(np.mean([epoch["test_accuracy"] for epoch in run["history"]]))
        single, tests = {}, {}
        key = "the 12 numbers of Fig. 4"
        single["curve"] = further(list(self.cell(["teacher"], "teacher", curve).values()))
        self.put(key, "mean of the curve", single["curve"])
        tests["curve"] = single["curve"].p(self.report[key, "mean of the curve"])
        for e in EPOCHS:
            self.put(key, f"epoch {e}", further(list(self.cell(["teacher"], "teacher", lambda run: run["history"][e - 1]["test_accuracy"]).values())))
        teacher, plain = "The test accuracy for teacher model is 98.78%.", "without knowledge distillation is 97.20%"
        for claim, name, cell in ((teacher, "teacher", self.teachers), (plain, "student without KD", self.plain)):
            self.put(claim, name, further(list(cell.values())))
            tests[claim] = further(list(cell.values())).p(self.report[claim, name])
        share = self.teachers_share()
        names = {(t, a): f"T = {t:g}, alpha = {a:g}" for t in TEMPERATURES for a in ALPHAS}
        table1 = (self.spread("q5"), {names[place]: list(cell.values()) for place, cell in self.table1.items()})
        table2 = (self.spread("q6"), {names[t, 0.5]: list(cell.values()) for t, cell in self.table2.items()})
        stopped = {f"teacher of {e} epoch" + ("s" if e > 1 else ""): list(self.table3[e].values()) for e in range(1, 12)}
        tests["Table I"] = self.table("RESULT TABLE FOR TUNING", [table1], share)
        tests["Table II"] = self.table("RESULT TABLE FOR DIFFERENT", [table2], share)
        tests["Table III"] = self.table("RESULT TABLE FOR ESKD", [(self.spread("q13"), stopped)], 0)
        family = holm(tests)
        for claim, test in ((key, "curve"), (teacher, teacher), (plain, plain), ("RESULT TABLE FOR TUNING", "Table I")):
            self.tests[claim] = family[test]
        self.tests["RESULT TABLE FOR DIFFERENT"], self.tests["RESULT TABLE FOR ESKD"] = family["Table II"], family["Table III"]
        together = "the report's five printed results"
        five = {"teacher": tests[teacher], "student without KD": tests[plain]} | {n: tests[n] for n in ("Table I", "Table II", "Table III")}
        for name, p in five.items():
            self.plain_number(together, f"p of {name}, alone", p)
        self.tests[together] = stats.binom.sf(sum(p < 0.05 for p in five.values()) - 1, 5, 0.05)
        one = lambda name, cell: (pooled([list(cell.values())]), {name: list(cell.values())})
        groups = [one("teacher", self.teachers), table1, table2, one("student without KD", self.plain)]
        curves = {names[place]: list(self.student("q5", *place, curve).values()) for place in names}
        notebook = {
            "the 38 numbers stored": self.table("the 38 numbers stored", groups, share),
            "the 30 curves": self.table("the 30 curves", [(pooled(list(curves.values())), curves)], share),
        }
        self.tests |= holm(notebook)

    def table(self, key, groups, share):
        n = sum(len(cells) for _, cells in groups)
        inside, shift, seen = 0, None, defaultdict(int)
        independent = n / (1 + (n - 1) * share)
        for spread, cells in groups:
            differences, variances = [], []
            for name, cell in cells.items():
                # A name may stand twice, in Table I and in Table II.
                published = self.report[key, name] if not isinstance(self.report[key, name], list) else self.report[key, name][seen[name]]
                next_run = further(cell, spread)
                low, high = next_run.interval()
                self.numbers[key, name, seen[name]] = (next_run.value, low, high)
                seen[name] += 1
                inside += low <= published <= high
                differences.append(published - next_run.value)
                variances.append(1 + 1 / len(cell))
            share_of = len(cells) / n
            error = spread[0] * (np.mean(variances) / (independent * share_of)) ** 0.5
            part = Estimate(np.mean(differences), error, spread[1]).times(share_of)
            shift = part if shift is None else shift.plus(part)
        trials = max(1, int(np.floor(independent + 0.5)))
        count = stats.binom.cdf(int(np.floor(inside * trials / n + 0.5)), trials, 0.95)
        return min(1, 2 * min(count, shift.p()))


def reach(pairs, among):
    return max(max(-low, high) for low, high in (pair.interval(among) for pair in pairs.values()))


def all_over(differences):
    """The p of all being over 0: the largest, or where some are found under 0 the smallest of these; Holm's."""
    adjusted = holm({name: one.p() for name, one in differences.items()})
    below = [adjusted[name] for name, one in differences.items() if adjusted[name] < 0.05 and one.value < 0]
    return min(below) if below else max(adjusted.values())


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["place"].startswith("Task 1") and row["reading"]]


def number(text):
    return float(text) if text else None


def differ(ours, theirs, name):
    if ours is None or theirs is None:
        return ours is not theirs
    close = ITERATED if name.startswith(("difference of two levels that", "smallest", "best of", "prob")) else EXACT
    return abs(ours - theirs) > close


def main(store, numbers, verdicts):
    numbers, verdicts = rows(numbers), rows(verdicts)
    report = {}
    keys = {}
    for row in numbers:
        for key in CLAIMS:
            if key in row["statement"]:
                keys[row["statement"]] = key
                name = key, row["number"]
                if row["report"]:
                    report[name] = (report[name] if isinstance(report.get(name), list) else [report[name]] if name in report else []) + [
                        float(row["report"])
                    ]
    # The same numbers stand beside both readings.
    report = {name: values if name[0] == "the 38 numbers stored" else values[0] for name, values in report.items()}
    readings = {name: Reading(load(store), name, report) for name in ("as-written", "as-described")}
    complaints, equal, seen = [], 0, defaultdict(int)
    for reading in readings.values():
        reading.compute()
    for row in numbers:
        ours = readings[row["reading"]].numbers
        key = keys.get(row["statement"])
        place = row["reading"], key, row["number"]
        found = ours.get((key, row["number"]), ours.get((key, row["number"], seen[place])))
        seen[place] += 1
        theirs = tuple(number(row[column]) for column in ("value", "low", "high"))
        if found is None:
            complaints.append(f"no number for {place}")
        elif any(differ(a, b, row["number"]) for a, b in zip(found, theirs)):
            complaints.append(f"{place}: {found} here, {theirs} there")
        else:
            equal += 1
    for row in verdicts:
        if row["p"]:
            key = next((one for one in CLAIMS if one in row["statement"]), None)
            ours = readings[row["reading"]].tests.get(key)
            if ours is None or differ(ours, float(row["p"]), ""):
                complaints.append(f"p of {row['reading']}, {row['statement']}: {ours} here, {row['p']} there")
            else:
                equal += 1
    if complaints:
        sys.exit("\n".join(complaints))
    print(equal)


CLAIMS = [
    "the best alpha should be 16",
    "do not affect the test accuracy",
    "mimic the predictions of the teacher model",
    "jitters of in the training",
    "the accuracy decreases in general",
    "it does not decrease a lot",
    "the true label will bring less information",
    "is about 2%",
    "will not decrease below",
    "So the test accuracy of student models",
    "should stop at epoch 4",
    "does not improve a lot",
    "the performance of student model will become worse",
    "not beyond the capacity",
    "there cannot be a large improvement",
    "the 12 numbers of Fig. 4",
    "The test accuracy for teacher model is 98.78%.",
    "without knowledge distillation is 97.20%",
    "RESULT TABLE FOR TUNING",
    "RESULT TABLE FOR DIFFERENT",
    "RESULT TABLE FOR ESKD",
    "the report's five printed results",
    "the 38 numbers stored",
    "the 30 curves",
]

if __name__ == "__main__":
    main(*sys.argv[1:])
