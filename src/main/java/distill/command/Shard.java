package distill.command;

import distill.experiment.Shards;
import distill.experiment.Training;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of the shards of a command's trainings, {@code 2/4}: see {@link Shards}.
 *
 * @param number from 1 to {@code count}
 */
record Shard(int number, int count) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,6})/(\\d{1,6})");

    /**
     * A shard as the command line names it.
     *
     * @throws IllegalArgumentException where there is no such shard
     */
    static Shard of(String text) {
        Matcher found = FORM.matcher(text);
        Shard shard = found.matches()
                ? new Shard(Integer.parseInt(found.group(1)), Integer.parseInt(found.group(2)))
                : new Shard(0, 0);
        if (shard.number < 1 || shard.number > shard.count) {
            throw new IllegalArgumentException(
                    "--shard takes K/N, the K-th of N shards, such as 1/4 to 4/4, found " + text);
        }
        return shard;
    }

    /** Its part of some trainings, with what that rests on. */
    List<Training> of(List<Training> trainings) {
        return Shards.of(trainings, count).get(number - 1);
    }

    @Override
    public String toString() {
        return number + "/" + count;
    }
}
