/** The findings of the analysis, with the call paths that lead to them. */
import type { Address, Cell } from '../../analysis/cells.ts';
import { cellLabel, namedCell } from '../../analysis/cellText.ts';
import { type Findings, hazardText, siteText } from '../../analysis/hazardText.ts';
import type { Hazard, ModuleHazard } from '../../analysis/model.ts';
import { sourceFunctionName } from '../../debug/sourceWords.ts';
import { displayable } from '../../harmless/names.ts';
import { HOST_PROFILES } from '../../hosts/index.ts';
import { quoted } from '../../text/phrases.ts';
import { exportLabel, memoryName, tableName } from '../../wasm/displayNames.ts';
import type { Module } from '../../wasm/module.ts';
import { hex } from '../../wasm/printer/numbers.ts';
import type { CheckedModule } from '../checkedModule.ts';
import type { SarifCodeFlow, SarifLocation, SarifStep } from './model.ts';
import { type FindingIdentity, numberedModule, type ReportFinding } from './reportFinding.ts';
import { locationOf, type SarifFiles, type Spots, spotsOf } from './spots.ts';

/** All findings of one module, export by export, those about the module last. */
export function* checkFindings(checked: CheckedModule, files: SarifFiles): Generator<ReportFinding> {
  const { module, analysis } = checked;
  if (module === undefined || analysis === undefined) return;
  const about: About = { checked, module, spots: spotsOf(checked, files), files, findings: findingsOf(checked) };
  for (const [position, hazards] of checked.hazards.entries())
    for (const hazard of hazards) yield exportFinding(about, position, hazard);
  for (const hazard of checked.moduleHazards) yield moduleFinding(about, hazard);
}

interface About {
  checked: CheckedModule;
  module: Module;
  spots: Spots;
  files: SarifFiles;
  findings: Findings;
}

/** Sentences name lines of a text as its readers count them. */
function findingsOf({ module, analysis, host, source }: CheckedModule): Findings {
  const found = { module: module!, analysis: analysis!, profile: HOST_PROFILES[host] };
  return source === undefined ? found : { ...found, place: (offset) => `line ${source.place(offset).line}` };
}

function exportFinding(about: About, position: number, hazard: Hazard): ReportFinding {
  const { checked, module, spots, findings } = about;
  const summary = findings.analysis.exports[position];
  const label = exportLabel(summary);
  const { rule, severity, confidence, cell, site } = hazard;
  return {
    rule,
    severity,
    identity: { ...identityOf(about, rule, cell), subject: displayable(summary.name, 400) },
    spot: spots.at(site.offset),
    functions: [label],
    label: quoted(label),
    message: () => hazardText(findings, position, hazard),
    flows: (limit) => pathFlow(about, label, hazard, limit),
    related: () => inBinary(about, site.offset),
    properties: {
      confidence,
      cell: cellLabel(module, cell),
      function: sourceFunctionName(module, site.func),
      offset: hex(site.offset),
      host: checked.host,
      sharingModel: findings.analysis.model,
    },
  };
}

function moduleFinding(about: About, { rule, severity, cell, offset, message }: ModuleHazard): ReportFinding {
  const { checked, module, spots, findings } = about;
  return {
    rule,
    severity,
    identity: { ...identityOf(about, rule, cell), subject: '(module)' },
    spot: spots.at(offset),
    functions: [],
    label: 'the module',
    message: () => message,
    flows: () => [],
    related: () => inBinary(about, offset),
    properties: {
      cell: cellLabel(module, cell),
      offset: hex(offset),
      host: checked.host,
      sharingModel: findings.analysis.model,
    },
  };
}

/** The place in the binary, where the finding itself is shown elsewhere. */
function inBinary({ spots, files }: About, offset: number): SarifLocation[] {
  const spot = spots.inBinary(offset);
  return spot === undefined ? [] : [locationOf(spot, files, `Offset ${hex(offset)} of the binary`)];
}

/** From the export call by call to the access; the middle of a path that is too long is left out. */
function pathFlow({ module, spots, files }: About, label: string, hazard: Hazard, limit: number): SarifCodeFlow[] {
  const { path, callSites, site } = hazard;
  const name = (at: number): string => (at === 0 ? quoted(label) : quoted(sourceFunctionName(module, path[at])));
  const calls = callSites.map(
    (offset, at): SarifStep => ({
      location: locationOf(spots.at(offset), files, `${name(at)} calls ${name(at + 1)}`),
      nestingLevel: at,
    }),
  );
  const last = Math.max(0, path.length - 1);
  const access: SarifStep = {
    location: locationOf(spots.at(site.offset), files, `${name(last)}: ${siteText(module, hazard)}`),
    nestingLevel: last,
  };
  const locations = [...calls, access];
  if (limit < 1) return [];
  const kept = locations.length <= limit ? locations : [...locations.slice(0, limit - 1), access];
  return [{ message: { text: `Call path from ${quoted(label)}` }, threadFlows: [{ locations: kept }] }];
}

/** What a finding is about, without the export. */
function identityOf({ checked, module, files }: About, rule: string, cell: Cell): Omit<FindingIdentity, 'subject'> {
  return {
    module: numberedModule(files.pathOf(checked.file), checked.source?.module),
    rule,
    cell: steadyCell(module, cell),
  };
}

/** A cell by what does not move when the module is built again. */
function steadyCell(module: Module, cell: Cell): string {
  const named = namedCell(module, cell);
  if (named !== undefined) return named.name;
  if (cell.index === undefined) return cell.kind;
  if (cell.kind === 'memory') return `${memoryName(module, cell.index)}${steadyAddress(cell.address)}`;
  if (cell.kind === 'table') return `${tableName(module, cell.index)}${steadyAddress(cell.address)}`;
  return cellLabel(module, cell);
}

/** Where in a memory or a table, without numbers that a linker chooses. */
function steadyAddress(address: Address | undefined): string {
  if (address === undefined) return '';
  return address.base === 'parameter' ? ` at parameter ${address.parameter}` : `, ${address.base} address`;
}
