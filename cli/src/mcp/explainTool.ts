/** The tool `explain`: everything about a rule, an export, or one finding about an export. */
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { RULE_IDS } from '../../../core/analysis/rules/index.ts';
import { UsageError } from '../io.ts';
import { answer, READS } from './answer.ts';
import { FILE, HOST, hostOfFile, MODEL } from './arguments.ts';
import { boundedText } from './bounds.ts';
import { explainExport } from './explainExport.ts';
import { EXPLAINED, type Explained } from './explained.ts';
import { explainRule } from './explainRule.ts';

/** Adds the tool to a server. */
export function registerExplain(server: McpServer): void {
  server.registerTool(
    'explain',
    {
      title: 'Explain an export, a finding or a rule',
      description:
        'With file and export: whether the export can be called concurrently, with which others it conflicts, how the code gets there and what to do. With a rule or an offset in addition: those findings alone. With a rule only: what the rule is about. Reads the module and never runs it.',
      inputSchema: z.object({
        file: FILE.optional(),
        export: z.string().optional().describe('Name of an exported function.'),
        rule: z.enum(RULE_IDS).optional().describe('Rule of a finding.'),
        offset: z
          .number()
          .int()
          .min(0)
          .optional()
          .describe('Byte offset of the instruction of a finding, as check gives it.'),
        host: HOST,
        model: MODEL,
      }),
      outputSchema: EXPLAINED,
      annotations: READS,
    },
    (args, context) =>
      answer(context, async ({ io }) => {
        const { export: name, rule, offset, model } = args;
        const parts: { text: string; data: Explained }[] = [];
        if (args.file !== undefined) {
          if (name === undefined) throw new UsageError('explain: name an export of the file; check lists them');
          const file = args.file;
          const host = await hostOfFile(args.host, file);
          parts.push(await explainExport({ file, name, host, model, rule, offset }, io));
          if (rule !== undefined) parts.push(await explainRule(rule, host, false));
        } else if (rule !== undefined) {
          parts.push(await explainRule(rule, args.host === 'auto' ? undefined : args.host, true));
        } else throw new UsageError('explain: give a file and an export, or a rule');
        const text = parts.map((part) => part.text).join('\n');
        const data: Explained = Object.assign({}, ...parts.map((part) => part.data));
        return { text: boundedText(text, 'Name a rule or an offset to see fewer findings.'), data };
      }),
  );
}
