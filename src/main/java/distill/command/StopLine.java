package distill.command;

import java.nio.file.Path;

/**
 * While it is open, a signal that stops the program (Ctrl-C, SIGTERM, SIGHUP) makes it say what is kept and how to go
 * on.
 */
final class StopLine implements AutoCloseable {

    private final Thread hook;

    private StopLine(Thread hook) {
        this.hook = hook;
    }

    /**
     * For what a command trains; says nothing where it trained nothing yet.
     *
     * @param store where runs are kept
     * @param fresh whether the command trains again what is stored
     */
    static StopLine of(Work work, Path store, boolean fresh) {
        Thread hook = new Thread(
                () -> {
                    if (work.isAny()) {
                        ConsoleProgress.sayOnErr(work.kept(store.toString(), fresh));
                    }
                },
                "what-is-kept");
        Runtime.getRuntime().addShutdownHook(hook);
        return new StopLine(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The program is being stopped, and the line is being said.
        }
    }
}
