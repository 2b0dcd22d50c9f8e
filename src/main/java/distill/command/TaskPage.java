package distill.command;

import distill.page.Document.Block;
import distill.page.Document.Section;
import java.util.List;

/**
 * What the page has of a task.
 *
 * @param headline its numbers at a glance; no block where there are none
 * @param sections one for each question
 */
public record TaskPage(List<Block> headline, List<Section> sections) {}
