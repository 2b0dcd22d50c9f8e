package distill.reproduce.task2;

import distill.experiment.MhistPlan;
import distill.experiment.Training;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Question 2: the report's steps 3 to 8 and 13 on MHIST. */
@Command(name = "q2", description = "Steps 3 to 8 and 13 of the report on MHIST, or some of them.")
public final class Question2 extends Question {

    /** A part of the question. */
    enum Part {
        data,
        models,
        losses,
        teacher,
        sweep,
        scratch,
        cost,
        eskd,
        collapse,
        all
    }

    @Option(
            names = "--part",
            split = ",",
            paramLabel = "PART",
            description =
                    "Which parts: data, models, losses, teacher, sweep, scratch, cost, eskd, collapse, or all (default), which is all but collapse.")
    private Set<Part> parts = EnumSet.of(Part.all);

    @Override
    void answer(Lab lab) throws Exception {
        for (long seed : lab.seeds()) {
            for (Part part : parts) {
                lab.runs(plan -> trainings(plan, part, lab, seed));
            }
        }
    }

    private static List<Training> trainings(MhistPlan plan, Part part, Lab lab, long seed) {
        return switch (part) {
            case teacher -> List.of(plan.teacher(seed));
            case sweep -> plan.sweep(lab.temperatures(), seed);
            case scratch -> plan.scratch(lab.temperatures(), seed);
            case eskd -> plan.earlyStopped(seed);
            case collapse ->
                plan.collapse(seed).stream()
                        .flatMap(row -> row.trainings().stream())
                        .distinct()
                        .toList();
            case all -> {
                List<Training> all = new ArrayList<>(List.of(plan.teacher(seed)));
                all.addAll(plan.sweep(lab.temperatures(), seed));
                all.addAll(plan.scratch(lab.temperatures(), seed));
                all.addAll(plan.earlyStopped(seed));
                yield all;
            }
            default -> List.of();
        };
    }
}
