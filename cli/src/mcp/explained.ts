/** What the tool `explain` says, as data. */
import * as z from 'zod';

/** The schema: a rule, or an export with findings and perhaps the rule of these. */
export const EXPLAINED = z.object({
  rule: z
    .object({
      id: z.string(),
      title: z.string(),
      summary: z.string(),
      severity: z.string().describe('Its severity by default.'),
      models: z.array(z.string()).describe('Sharing models under which it is reported.'),
      host: z.string().optional().describe('What it means on the host.'),
    })
    .optional(),
  export: z
    .object({
      name: z.string(),
      class: z.string(),
      host: z.string(),
      model: z.string(),
      headline: z.string(),
      threads: z.string(),
      conflictsWith: z.array(z.string()),
      conflictsTotal: z.number(),
      advice: z.array(z.string()),
      models: z.array(z.object({ model: z.string(), status: z.string(), text: z.string() })),
      place: z.string().optional().describe('Where the function is in the source.'),
    })
    .optional(),
  findings: z
    .array(
      z.object({
        rule: z.string(),
        severity: z.string(),
        confidence: z.string(),
        offset: z.number(),
        place: z.string(),
        path: z.string().describe('The calls that lead from the export to the instruction.'),
        message: z.string(),
      }),
    )
    .optional(),
  findingsTotal: z.number().optional(),
});
/** The data of an answer. */
export type Explained = z.infer<typeof EXPLAINED>;
