/** esbuild plugin that embeds the pages of the rules in a bundle; unbundled, `rulePages.ts` reads them from `docs`. */
import type { Plugin } from 'esbuild';
import { readRulePages } from '../../node/rulePages.ts';

/** Replaces `rulePages.ts` by a module that contains the pages. */
export const rulePages = (): Plugin => ({
  name: 'rule-pages',
  setup(build) {
    build.onLoad({ filter: /node[\\/]rulePages\.ts$/ }, async () => ({
      contents: `export const readRulePages = async () => new Map(${JSON.stringify([...(await readRulePages())])});`,
    }));
  },
});
