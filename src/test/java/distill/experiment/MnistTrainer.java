package distill.experiment;

import distill.data.DataSet;
import distill.loss.KnowledgeDistillation;
import distill.run.AdamForm;
import distill.run.Reading;
import distill.run.Run;
import distill.run.RunStore;
import distill.run.Runs;
import distill.run.Steps;
import distill.run.Stopping;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Small trainings of Task 1 for tests: a plan, and what carries it out. */
public record MnistTrainer(MnistPlan plan, Trainer trainer) {

    /**
     * Trainings on all images of a set.
     *
     * @param store where runs go; weights go to {@code saved-models} beside its folder
     */
    public static MnistTrainer of(
            Reading reading, int epochs, DataSet data, Trainer.Setup setup, Path store, TrainingListener listener) {
        return new MnistTrainer(
                new MnistPlan(
                        reading,
                        epochs,
                        data.train().size(),
                        false,
                        setup.givenTeacher() == null
                                ? null
                                : setup.givenTeacher().identity(),
                        data.origin().digest(),
                        MnistPlan.spec(data.train()),
                        new KnowledgeDistillation(),
                        AdamForm.KERAS2,
                        Steps.REPORTS,
                        MnistPlan.Student.REPORTS,
                        Stopping.NONE,
                        setup.device()),
                new Trainer(
                        setup,
                        new RunStore(store),
                        new SavedModels(store.resolveSibling("saved-models"), setup.device()),
                        listener));
    }

    /** Trainings of each seed's own teacher, which are looked up before they are trained. */
    public static MnistTrainer of(Reading reading, int epochs, DataSet data, Path store, TrainingListener listener) {
        return of(
                reading,
                epochs,
                data,
                new Trainer.Setup(data, List.of(), null, distill.nn.Device.cpu(2), false),
                store,
                listener);
    }

    /** The setup with a teacher that was trained elsewhere. */
    static Trainer.Setup given(DataSet data, GivenTeacher teacher) {
        return new Trainer.Setup(data, List.of(), teacher, distill.nn.Device.cpu(2), false);
    }

    /** The same trainings with another form of Adam; null as in runs that name none. */
    MnistTrainer with(AdamForm adam) {
        return new MnistTrainer(Runs.with(plan, "adam", adam), trainer);
    }

    public Run teacher(long seed) throws IOException {
        return trainer.run(plan.teacher(seed));
    }

    public Run student(String question, double temperature, double alpha, long seed) throws IOException {
        return trainer.run(plan.student(question, temperature, alpha, seed));
    }

    public Run plainStudent(String question, long seed) throws IOException {
        return trainer.run(plan.plainStudent(question, seed));
    }

    MnistModels models() {
        return new MnistModels(trainer, plan);
    }
}
