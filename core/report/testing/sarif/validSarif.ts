/** For tests: whether a log is what the standard and GitHub's code scanning ask for. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { SarifLocation, SarifNotification, SarifResult, SarifRule } from '../../sarif/model.ts';

/** A log as it was written. */
export interface SarifLog {
  version: string;
  runs: {
    tool: { driver: { name: string; rules: SarifRule[] } };
    automationDetails: { id: string };
    invocations: { executionSuccessful: boolean; toolExecutionNotifications?: SarifNotification[] }[];
    results: SarifResult[];
  }[];
}

/** The schema is of draft 4; ajv reads later ones, which call its address otherwise and keep all else that it uses. */
function officialSchema(): object {
  const path = join(import.meta.dirname, 'sarif-schema-2.1.0.json');
  const { $schema: _, id, ...schema } = JSON.parse(readFileSync(path, 'utf8'));
  assert.equal(id, 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json');
  return schema;
}

/** RFC 3986, as far as characters go. */
const CHARACTERS = /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[\da-fA-F]{2})*$/;
const isUri = (text: string): boolean => CHARACTERS.test(text) && URL.canParse(text);
const isReference = (text: string): boolean => CHARACTERS.test(text) && URL.canParse(text, 'file:///folder/');

const validate = new Ajv({
  strict: false,
  formats: { uri: isUri, 'uri-reference': isReference, 'date-time': (text) => !Number.isNaN(Date.parse(text)) },
}).compile(officialSchema());

/** The log that a text is. @throws if it is not valid, or code scanning would refuse or cut it */
export function validSarif(text: string): SarifLog {
  const data: unknown = JSON.parse(text);
  assert.ok(validate(data), JSON.stringify(validate.errors?.slice(0, 3), undefined, 1));
  const log = data as SarifLog;
  assert.equal(log.version, '2.1.0');
  // Several runs of one tool are refused.
  assert.equal(log.runs.length, 1);
  const [{ tool, results, automationDetails }] = log.runs;
  assert.match(automationDetails.id, /^wasm-hazards\/\w+\/$/);
  for (const rule of tool.driver.rules) assertRule(rule);
  assert.ok(results.length <= 5000, `${results.length} results`);
  for (const result of results) assertResult(result, tool.driver.rules);
  return log;
}

/** https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning */
function assertRule({ id, shortDescription, fullDescription, help, properties }: SarifRule): void {
  for (const text of [id, shortDescription.text, fullDescription.text, help.text]) assert.ok(text.length > 0, id);
  for (const text of [shortDescription.text, fullDescription.text]) assert.ok(text.length <= 1024, id);
  assert.ok(properties.tags.length <= 10, id);
  assert.match(properties.precision, /^(?:very-high|high|medium|low)$/);
  assert.match(properties['problem.severity'], /^(?:error|warning|recommendation)$/);
}

function assertResult(result: SarifResult, rules: readonly SarifRule[]): void {
  const { ruleId, ruleIndex, message, locations, relatedLocations = [], codeFlows = [] } = result;
  assert.equal(rules[ruleIndex]?.id, ruleId);
  assert.ok(message.text.length > 0);
  assert.equal(locations.length, 1);
  assert.ok(relatedLocations.length <= 100);
  assert.ok(result.partialFingerprints['wasmHazards/v1'].length > 0);
  const steps = codeFlows.flatMap(({ threadFlows }) => threadFlows.flatMap((flow) => flow.locations));
  assert.ok(steps.length <= 1000, `${steps.length} steps`);
  for (const location of [...locations, ...relatedLocations, ...steps.map((step) => step.location)])
    assertLocation(location);
  // No text makes a link, and none has characters that hide or reorder others.
  for (const text of textsIn(result)) {
    assert.doesNotMatch(text, /\]\(/);
    assert.doesNotMatch(text, /[\p{Cc}\p{Cf}\u2028\u2029]/u);
  }
}

function assertLocation({ physicalLocation: { artifactLocation, region } }: SarifLocation): void {
  const { startLine, startColumn, endLine, endColumn } = region;
  for (const number of [startLine, startColumn, endLine, endColumn]) assert.ok(number >= 1);
  assert.ok(endLine > startLine || (endLine === startLine && endColumn >= startColumn), JSON.stringify(region));
  const { uri, uriBaseId } = artifactLocation;
  assert.equal(uriBaseId === undefined, uri.startsWith('file:///'), uri);
  assert.doesNotMatch(uri, /^\/|\\|(?:^|\/)\.\.(?:\/|$)/);
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) yield* textsIn(part);
}
