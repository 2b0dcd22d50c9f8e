package distill.reproduce;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "rerun")
final class Rerun implements Callable<Integer> {
    @Override
    public Integer call() {
        return 0;
    }
}
