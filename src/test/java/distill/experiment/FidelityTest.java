package distill.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import distill.loss.LossInputs;
import distill.nn.Device;
import distill.run.Role;
import distill.run.Runs;
import distill.run.Settings;
import org.junit.jupiter.api.Test;

class FidelityTest {

    /**
     * At T = 2 the teacher's targets of the first image are (4, 1, 1) / 6 and the student's softened outputs (1, 2, 1)
     * / 4, so the divergence of these from those is 2/3 ln (8/3) + 1/6 ln (1/3) + 1/6 ln (2/3) = 13/6 ln 2 - ln 3; the
     * other way round it would be ln 3 - ln 2. On the second image both have (1, 1, 1) / 3.
     */
    @Test
    void divergenceIsOfTheStudentFromItsTeacherAndAgreementTheShareOfEqualPredictions() {
        double ln2 = Math.log(2);
        Settings student = Runs.varied(Runs.settings("q10", Role.STUDENT, 2., .5, 7), 12, null, 3);
        Fidelity fidelity = Fidelity.of(
                LossInputs.LOGITS,
                student,
                2,
                new double[] {4 * ln2, 0, 0, 1, 1, 1},
                new double[] {0, 2 * ln2, 0, 5, 5, 5},
                3,
                Device.cpu(2));
        assertEquals((13 / 6. * ln2 - Math.log(3)) / 2, fidelity.divergence(), 1e-12);
        assertEquals(.5, fidelity.agreement());
        assertEquals(3, fidelity.teacherEpochs());
        assertEquals(12, fidelity.width());
        assertEquals(7, fidelity.seed());
    }
}
