/**
 * Scenarios of real protocols of real modules, `scripts/corpus/scenarios/*.stress.json`, with the answers that were
 * derived by hand before the product was asked.
 */

import type { SharingModel } from '../../../core/hosts/profile.ts';
import type { Verdict } from '../../../core/stress/explore/result.ts';

/** What a scenario must give under one sharing model. */
export interface Answer {
  /** The scenario's own model, or another one that takes its place. */
  model?: SharingModel;
  verdict: Verdict;
  /**
   * Every outcome that a serial order of whole sequences gives: results of each caller, those of the probe last where
   * there is one. A dash is a result that is not compared.
   */
  serial: string[][];
  /** Wrong outcomes that must be found, among others; none may be found if this is missing. */
  wrong?: string[][];
  /** Whether two accesses must race; false: none may. */
  races?: boolean;
  /** Every schedule must have been tried. */
  exhaustive?: boolean;
}

/** One scenario file with its answers. */
export interface ProtocolCase {
  /** Name of the file without `.stress.json`. */
  scenario: string;
  /** How the answers were derived. */
  right: string;
  answers: Answer[];
}

/** SHA-256 of `abc` (FIPS 180-4, appendix B.1) and of `xyz` (coreutils' sha256sum). */
const ABC = '0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const XYZ = '0x3608bca1e44ea6c4d268eb6db02260269892c0b42b86bbf1e77a6fa16c3c9282';
const digest = (value: string): string => `-, -, -, -, ${value}`;

const json = (text: string): string => `$path, -, -, $text, -, 1, $length, $formatted, ${JSON.stringify(text)}`;

/** The scenarios with their answers. */
export const PROTOCOLS: readonly ProtocolCase[] = [
  {
    scenario: 'sha256',
    right:
      'hash-wasm has one context and one buffer for each instance: init, update and final of one caller are one ' +
      'transaction. JavaScript runs each call alone, yet an await between two of them lets the other caller in, whose ' +
      'init forgets what was hashed: both digests are then that of the second text.',
    answers: [
      {
        verdict: 'non-atomic',
        serial: [[digest(ABC), digest(XYZ)]],
        wrong: [[digest(XYZ), digest(XYZ)]],
        races: false,
      },
      { model: 'isolated', verdict: 'safe', serial: [[digest(ABC), digest(XYZ)]], exhaustive: true },
    ],
  },
  {
    scenario: 'llhttp',
    right:
      'A parser keeps its state in the block that llhttp_alloc gave, and each caller has its own parser and its own ' +
      'buffer. The callbacks are imports; one that suspends leaves only its own parser in the middle of a message.',
    answers: [{ verdict: 'safe', serial: [['-, 0, 204', '-, 0, 404']], races: false }],
  },
  {
    scenario: 'llhttp-one-parser',
    right:
      'Two responses for one parser: 204 has no body, so a 404 can follow it. A 404 without Content-Length takes ' +
      'everything that follows as its body (RFC 9112, 6.3), so a 204 after it is not seen and the status stays 404. ' +
      'A callback that suspends in the middle of a response lets the other caller change parser and buffer: error 10 ' +
      'is HPE_INVALID_METHOD, or the status of the other response is read.',
    answers: [
      {
        verdict: 'non-atomic',
        serial: [
          ['-, 0, 204', '-, 0, 404'],
          ['-, 0, 404', '-, 0, 404'],
        ],
        wrong: [['-, 0, 204', '-, 0, 204']],
        races: false,
      },
      { model: 'isolated', verdict: 'safe', serial: [['-, 0, 204', '-, 0, 404']], exhaustive: true },
    ],
  },
  {
    scenario: 'dprint-json',
    right:
      'The plugin has one shared buffer, one path and one formatted text: everything from set_file_path to the read ' +
      'of the text is one transaction. format answers 1, for changed, and puts blanks inside the braces and a line ' +
      'end at the end of the file. Another caller between get_formatted_text and the read replaces the text.',
    answers: [
      {
        model: 'cooperative',
        verdict: 'non-atomic',
        serial: [[json('{ "a": 1 }\n'), json('{ "b": 2 }\n')]],
        wrong: [[json('{ "b": 2 }\n'), json('{ "b": 2 }\n')]],
        races: false,
      },
      {
        model: 'isolated',
        verdict: 'safe',
        serial: [[json('{ "a": 1 }\n'), json('{ "b": 2 }\n')]],
        exhaustive: true,
      },
    ],
  },
  {
    scenario: 'sqlite',
    right:
      'A transaction belongs to the connection, not to the caller. BEGIN of a second caller on the same connection ' +
      'fails with SQLITE_ERROR, 1, while the first is between its BEGIN and its COMMIT; its UPDATE then belongs to ' +
      'the transaction of the first, and only one of the two COMMITs finds one to end. The counter is 2 in every ' +
      'case. With a database for each caller all six answer 0, and the counter is 1.',
    answers: [
      {
        verdict: 'non-atomic',
        serial: [['0, 0, 0', '0, 0, 0', '0, $statement, 100, 2']],
        wrong: [
          ['0, 0, 0', '1, 0, 1', '0, $statement, 100, 2'],
          ['0, 0, 1', '1, 0, 0', '0, $statement, 100, 2'],
        ],
        races: false,
        exhaustive: true,
      },
      {
        model: 'isolated',
        verdict: 'safe',
        serial: [['0, 0, 0', '0, 0, 0', '0, $statement, 100, 1']],
        exhaustive: true,
      },
    ],
  },
];
