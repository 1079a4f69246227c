/** The tool `check`: what the command `check` says of a module, in short. */
import type { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';
import { cellLabel } from '../../../core/analysis/cellText.ts';
import { threadSafetyOf } from '../../../core/analysis/conditions/threads.ts';
import { hazardText } from '../../../core/analysis/hazardText.ts';
import { conflictsWithItself } from '../../../core/analysis/partners.ts';
import { moduleVerdict, moduleVerdictText } from '../../../core/analysis/verdict/moduleVerdict.ts';
import { HOST_PROFILES } from '../../../core/hosts/index.ts';
import { type CheckedModule, countFindings, SEVERITY_RANK } from '../../../core/report/checkedModule.ts';
import { reportText } from '../../../core/report/formats.ts';
import { checkFile, troubleLines } from '../check/check.ts';
import { parseCheckOptions } from '../check/checkOptions.ts';
import { answer, READS } from './answer.ts';
import { FILE, HOST, MODEL } from './arguments.ts';
import { boundedText, firstOf, shownName, shownSentence } from './bounds.ts';

/** Findings of one export, errors of one module, and modules of one file that are listed. */
const MAX_FINDINGS = 4;
const MAX_ERRORS = 5;
const MAX_MODULES = 10;

const FINDING = z.object({
  rule: z.string(),
  severity: z.string(),
  confidence: z.string(),
  state: z.string().describe('What is accessed.'),
  offset: z.number().describe('Byte offset of the instruction in the binary.'),
  message: z.string(),
});

const EXPORT = z.object({
  name: z.string(),
  class: z.string(),
  threads: z.string().describe('thread-safe, thread-compatible, thread-hostile or unknown, by analysis alone.'),
  conflicts: z.number().describe('Number of exports that it conflicts with, itself included.'),
  conflictsWithItself: z.boolean(),
  findings: z.array(FINDING),
  findingsTotal: z.number(),
});

const MODULE = z.object({
  file: z.string(),
  number: z.number().optional().describe('Number of the module in a script.'),
  host: z.string(),
  hostReason: z.string().optional(),
  model: z.string().optional().describe('Sharing model; missing where nothing could be analysed.'),
  verdict: z.string().optional(),
  text: z.string().optional().describe('The verdict in sentences.'),
  findings: z.record(z.string(), z.number()).describe('Number of findings by severity.'),
  exports: z.array(EXPORT).describe('The worst first.'),
  exportsTotal: z.number(),
  moduleFindings: z.array(z.object({ rule: z.string(), severity: z.string(), message: z.string() })),
  partial: z.string().optional().describe('Why the analysis is not complete.'),
  errors: z.array(z.object({ message: z.string(), offset: z.number(), line: z.number().optional() })),
});

const RESULT = z.object({ modules: z.array(MODULE), modulesTotal: z.number() });

/** Adds the tool to a server. */
export function registerCheck(server: McpServer): void {
  server.registerTool(
    'check',
    {
      title: 'Check a WebAssembly module',
      description:
        'Says which exports of a WebAssembly module can be called concurrently, which conflict, and what to do. Reads the module and never runs it: no conflict found is not a proof.',
      inputSchema: z.object({
        file: FILE,
        host: HOST,
        model: MODEL,
        suspending: z
          .array(z.string())
          .max(50)
          .optional()
          .describe('Imports that suspend their caller, as module.name with * for anything.'),
        limit: z.number().int().min(1).max(200).default(12).describe('Most exports that are listed, worst first.'),
      }),
      outputSchema: RESULT,
      annotations: READS,
    },
    ({ file, host, model, suspending = [], limit }, context) =>
      answer(context, async ({ io }) => {
        const options = parseCheckOptions([
          `--host=${host}`,
          `--model=${model}`,
          ...suspending.map((pattern) => `--suspending=${pattern}`),
          `--limit=${limit}`,
          '--',
          file,
        ]);
        const checked = await checkFile(file, options, io);
        const presentation = { full: false, colour: false, limit };
        const texts = checked.map((one) => {
          const trouble = troubleLines(one).map((line) => `${line}\n`);
          return [...trouble, reportText({ command: 'check', checked: one }, 'text', presentation)].join('');
        });
        const { list, total } = firstOf(checked, MAX_MODULES);
        const data: z.infer<typeof RESULT> = {
          modules: list.map((one) => moduleData(one, limit)),
          modulesTotal: total,
        };
        const failed = checked.every(({ errors }) => errors.length > 0);
        return { text: boundedText(texts.join('\n'), 'Use a lower limit, or explain for one export.'), data, failed };
      }),
  );
}

function moduleData(checked: CheckedModule, limit: number): z.infer<typeof MODULE> {
  const { file, source, host, hostReason, module, analysis, errors } = checked;
  const verdict = module && analysis && moduleVerdict(module, analysis);
  return {
    file: shownName(file),
    number: source?.module,
    host,
    hostReason: hostReason && shownSentence(hostReason),
    model: analysis?.model,
    verdict: verdict?.status,
    text: verdict && shownSentence(moduleVerdictText(verdict).join(' ')),
    findings: Object.fromEntries(countFindings(checked)),
    exports: exportsOf(checked, limit),
    exportsTotal: analysis?.exports.length ?? 0,
    moduleFindings: checked.moduleHazards.map(({ rule, severity, message }) => ({
      rule,
      severity,
      message: shownSentence(message),
    })),
    partial: analysis?.partial,
    errors: errors
      .slice(0, MAX_ERRORS)
      .map(({ message, offset, line }) => ({ message: shownSentence(message), offset, line })),
  };
}

/** Exports by their worst finding, then in the order of the module. */
function exportsOf({ module, analysis, hazards, host }: CheckedModule, limit: number): z.infer<typeof EXPORT>[] {
  if (module === undefined || analysis === undefined) return [];
  const findings = { module, analysis, profile: HOST_PROFILES[host] };
  const worst = hazards.map((own) => Math.max(-1, ...own.map(({ severity }) => SEVERITY_RANK[severity])));
  const order = analysis.exports.map((_, position) => position).sort((a, b) => worst[b] - worst[a] || a - b);
  return order.slice(0, limit).map((position) => {
    const { name, class: exportClass, conflictCount } = analysis.exports[position];
    return {
      name: shownName(name),
      class: exportClass,
      threads: threadSafetyOf(analysis, position).word,
      conflicts: conflictCount,
      conflictsWithItself: conflictsWithItself(analysis, position),
      findings: hazards[position].slice(0, MAX_FINDINGS).map((hazard) => ({
        rule: hazard.rule,
        severity: hazard.severity,
        confidence: hazard.confidence,
        state: shownName(cellLabel(module, hazard.cell)),
        offset: hazard.site.offset,
        message: shownSentence(hazardText(findings, position, hazard)),
      })),
      findingsTotal: hazards[position].length,
    };
  });
}
