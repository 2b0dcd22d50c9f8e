package distill.reproduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import distill.nn.Device;
import distill.nn.Labels;
import distill.reproduce.Rounds.LeftOut;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What {@code ./reproduce bench} holds us against: a program of {@code reference/} in one of its forms. */
enum Peer {
    /** As the report's notebooks write it: plain Python, a student's teacher asked in each step. */
    KERAS_NOTEBOOK("keras", "notebook"),
    /** One {@code tf.function}, the teacher's outputs known, as in all that follow. */
    KERAS_FUNCTION("keras", "function"),
    KERAS_XLA("keras", "xla"),
    TORCH_EAGER("torch", "eager"),
    TORCH_CHANNELS_LAST("torch", "channels-last"),
    TORCH_COMPILE("torch", "compile");

    /** Forms that a sweep is timed in; a student has no memory formats, and the notebook's would take too long. */
    static final Set<Peer> SWEEPING = Set.of(KERAS_FUNCTION, KERAS_XLA, TORCH_EAGER, TORCH_COMPILE);

    private final String library;
    private final String form;

    Peer(String library, String form) {
        this.library = library;
        this.form = form;
    }

    static Peer of(String label) {
        return Labels.find("peers", values(), label);
    }

    /** Where its program is, in the project's folder. */
    Path program() {
        return Path.of("reference", "bench_%s.py".formatted(library));
    }

    /** {@code torch-channels-last} */
    @Override
    public String toString() {
        return library + "-" + form;
    }

    /**
     * Runs its program, on the CPU unless the device is a GPU.
     *
     * @param pythons of which the first that has the library is taken
     * @param what {@code step} or {@code sweep}
     * @param arguments what follows the form, for each of several processes at once
     * @return what each printed
     * @throws LeftOut where no Python has the library, or a process fails
     */
    List<JsonNode> run(List<String> pythons, Device device, String what, List<List<String>> arguments)
            throws IOException, InterruptedException, LeftOut {
        String python = python(pythons);
        List<Process> processes = new ArrayList<>();
        for (List<String> own : arguments) {
            List<String> command = new ArrayList<>(List.of(python, program().toString(), what, form));
            command.addAll(own);
            processes.add(start(command, device));
        }
        List<JsonNode> printed = new ArrayList<>();
        for (Process process : processes) {
            List<String> lines = lines(process);
            if (process.waitFor() != 0) {
                processes.forEach(Process::destroy);
                throw new LeftOut(reason(lines));
            }
            String json = lines.stream()
                    .filter(line -> line.startsWith("{"))
                    .reduce((first, last) -> last)
                    .orElseThrow(() -> new LeftOut("it printed no result"));
            printed.add(new ObjectMapper().readTree(json));
        }
        return printed;
    }

    private String python(List<String> pythons) throws IOException, InterruptedException, LeftOut {
        String has = "import importlib.util, sys; sys.exit(importlib.util.find_spec('%s') is None)".formatted(library);
        for (String python : pythons) {
            if (new ProcessBuilder(python, "-c", has).start().waitFor() == 0) {
                return python;
            }
        }
        throw new LeftOut("%s is not installed in %s".formatted(library, String.join(", ", pythons)));
    }

    private static Process start(List<String> command, Device device) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // The launcher asks ours for what repeats on a GPU; a peer is timed as it comes.
        builder.environment().keySet().removeAll(Set.of("TF_DETERMINISTIC_OPS", "TF_CUDNN_DETERMINISTIC"));
        if (!device.gpu()) {
            builder.environment().put("CUDA_VISIBLE_DEVICES", "-1");
        }
        return builder.start();
    }

    /** All that a process prints until it ends. */
    static List<String> lines(Process process) throws IOException {
        return process.inputReader().lines().filter(line -> !line.isBlank()).toList();
    }

    /** The last line that names an error, or else the last one. */
    static String reason(List<String> lines) {
        return lines.stream()
                .filter(line -> line.matches("[\\w.]*(Error|Exception)\\b.*"))
                .reduce((first, last) -> last)
                .orElse(lines.isEmpty() ? "it failed and said nothing" : lines.get(lines.size() - 1));
    }
}
