package distill.reproduce.task1;

import distill.experiment.MnistPlan;
import distill.experiment.Run;
import distill.experiment.Settings;
import distill.report.MnistTables;
import distill.report.Published;
import distill.reproduce.Reproduce;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** Question 5: the teacher (Fig. 4), then a new student for each temperature and alpha (Table I). */
@Command(name = "q5", description = "The teacher, and students for every temperature and alpha: Fig. 4, Table I.")
public final class Question5 extends Question {

    public static void main(String[] args) {
        Reproduce.main("task1", "q5", args);
    }

    @Override
    List<Settings> trainings(Lab lab, MnistPlan plan, long seed) {
        return Stream.concat(
                        lab.hasGivenTeacher() ? Stream.of() : Stream.of(plan.teacher(seed)),
                        plan.students("q5", lab.temperatures(), lab.alphas(), seed).stream())
                .toList();
    }

    @Override
    void answer(Lab lab) throws Exception {
        lab.announce();
        lab.heading("Question 5: teacher and students");
        if (lab.hasGivenTeacher()) {
            lab.printGivenTeacher();
        } else {
            List<Run> teachers = lab.teachers();
            lab.publish(
                    lab.fileName("q5-teacher", teachers),
                    MnistTables.teacher(teachers),
                    MnistTables.teacherCsv(teachers));
        }
        List<Run> students = lab.students("q5", lab.temperatures(), lab.alphas());
        lab.publish(
                lab.fileName("q5-table1", students),
                MnistTables.table1(students),
                MnistTables.csv(students, s -> Published.table1(s.temperature(), s.alpha())));
    }
}
