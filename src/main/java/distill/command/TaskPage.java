package distill.command;

import distill.page.Document.Block;
import distill.page.Document.Section;
import java.util.List;

/**
 * What the page has of a task.
 *
 * @param finding what was found, in view at the beginning of the page; no block where there is nothing to say
 * @param numbers the numbers behind it
 * @param sections one for each question
 */
public record TaskPage(List<Block> finding, List<Block> numbers, List<Section> sections) {}
