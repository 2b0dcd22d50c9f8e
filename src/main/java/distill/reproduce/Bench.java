package distill.reproduce;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "bench")
final class Bench implements Callable<Integer> {
    @Override
    public Integer call() {
        return 0;
    }
}
